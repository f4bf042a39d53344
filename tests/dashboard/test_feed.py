import asyncio
from contextlib import aclosing

from hive.dashboard.feed import Feed


class ListLog:
    """A log that has its events already and then stays silent."""

    def __init__(self, *batches):
        self.batches = batches

    def append(self, *drafts, durable=False):
        raise NotImplementedError

    def read(self, after=0, run=None, limit=None):
        return [each for batch in self.batches for each in batch if each.seq > after]

    async def follow(self, after=0, run=None):
        for batch in self.batches:
            yield batch
        await asyncio.Event().wait()


def test_a_batch_is_folded_in_and_names_the_runs_that_it_changed(story):
    feed = Feed(ListLog())
    one, other = story("one", first=1).created(), story("other", first=2).created()
    assert feed.take([*one.envelopes, *other.envelopes]) == {"one", "other"}
    assert feed.runs["one"].phase == "planned"
    assert feed.seq == 2


def test_events_that_come_again_and_runs_without_a_beginning_change_nothing(story):
    feed = Feed(ListLog())
    told = story().middle()
    feed.take(told.envelopes)
    before = feed.runs["r7f3"].cost_usd
    assert feed.take(told.envelopes) == frozenset()
    assert feed.runs["r7f3"].cost_usd == before
    assert feed.take(story("lost", first=1000).planned().envelopes) == frozenset()
    assert "lost" not in feed.runs


def test_catching_up_reads_what_the_log_has(story):
    told = story().landed()
    feed = Feed(ListLog(told.envelopes))
    assert feed.catch_up() == {"r7f3"}
    assert feed.catch_up() == frozenset()
    assert feed.runs["r7f3"].phase == "landed"


def test_a_slow_reader_gets_one_step_for_many_batches(story):
    async def steps():
        batches = [[envelope] for envelope in story().landed().envelopes]
        feed = Feed(ListLog(*batches), interval=0)
        follower = asyncio.create_task(feed.follow())
        async with aclosing(feed.changes()) as changes:
            first = await anext(changes)
            second = asyncio.ensure_future(anext(changes))
            for _ in range(20):
                await asyncio.sleep(0)
            more = second.done()
            second.cancel()
            await asyncio.wait([second])
        follower.cancel()
        await asyncio.wait([follower])
        return first, more, feed.runs["r7f3"].phase

    assert asyncio.run(steps()) == ({"r7f3"}, False, "landed")


def test_every_reader_hears_of_every_change_and_a_new_one_of_every_known_run(story):
    async def readers():
        feed = Feed(ListLog(), interval=0)
        feed.take(story("old").created().envelopes)
        async with aclosing(feed.changes()) as one, aclosing(feed.changes()) as other:
            first = [await anext(one), await anext(other)]
            waiting = [asyncio.ensure_future(anext(each)) for each in (one, other)]
            feed.take(story("new", first=100).created().envelopes)
            return first, await asyncio.gather(*waiting)

    first, second = asyncio.run(readers())
    assert first == [{"old"}, {"old"}]
    assert second == [{"new"}, {"new"}]


def test_a_reader_that_leaves_is_forgotten(story):
    async def left():
        feed = Feed(ListLog(), interval=0)
        feed.take(story().created().envelopes)
        async with aclosing(feed.changes()) as changes:
            await anext(changes)
        return len(feed._readers)

    assert asyncio.run(left()) == 0
