import asyncio
import time

import pytest

from hive.agents.quota import LONGEST_SECONDS, Quota, Quotas


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


async def nothing(report):
    pass


def test_a_shorter_wish_does_not_open_it_earlier():
    quota = Quota(Clock())
    quota.close_for(30)
    quota.close_for(10)
    assert quota.left == 30


def test_a_reset_far_away_is_not_waited_for_to_its_end():
    quota = Quota(Clock())
    quota.close_until(time.time() + 7 * 86400)
    assert quota.left == LONGEST_SECONDS


def test_everybody_waits_and_is_told_once():
    async def play():
        quota, told = Quota(), []

        async def tell(report):
            told.append(report)

        quota.close_for(0.55)
        await asyncio.gather(*(quota.opened(tell) for _ in range(5)))
        return quota, told

    quota, told = asyncio.run(play())
    assert len(told) == 5
    assert quota.left == 0


def test_a_burst_of_refusals_halves_the_calls_once_and_answers_bring_them_back():
    async def play():
        clock = Clock()
        quota = Quota(clock, width=8)
        entered = [quota.call(nothing) for _ in range(8)]
        calls = [await each.__aenter__() for each in entered]
        clock.now += 1
        for call in calls:
            call.throttled()
        assert quota.width == 4
        for each in entered:
            await each.__aexit__(None, None, None)
        for _ in range(4):
            async with quota.call(nothing) as call:
                call.answered()
        return quota

    quota = asyncio.run(play())
    assert quota.width == pytest.approx(5, abs=0.2)
    assert quota.calls == 0


def test_no_more_calls_at_a_time_than_it_is_wide():
    most = 0

    async def play():
        quota = Quota(width=3)

        async def one():
            nonlocal most
            async with quota.call(nothing):
                most = max(most, quota.calls)
                await asyncio.sleep(0)

        await asyncio.gather(*(one() for _ in range(20)))

    asyncio.run(play())
    assert most == 3


def test_it_never_closes_for_good():
    quota = Quota(Clock(), width=1)
    quota.calls = 1
    quota.narrow(begun=200)
    assert quota.width == 1


def test_the_same_key_at_the_same_endpoint_is_one_limiter():
    quotas = Quotas()
    assert quotas.of("a", "k") is quotas.of("a", "k")
    assert quotas.of("a", "k") is not quotas.of("b", "k")
    assert quotas.of("a", "k") is not quotas.of("a", "l")
    assert "secret" not in repr(Quotas({("a", "x"): quotas.of("a", "secret")}))
