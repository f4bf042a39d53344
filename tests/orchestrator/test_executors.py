import asyncio

from hive.orchestrator.executors import Executors


def test_the_surest_goes_first_and_a_cancelled_one_holds_nothing():
    async def go() -> list[str]:
        executors, order, free = Executors(), [], asyncio.Event()

        async def work(name: str, place: int, until: asyncio.Event | None = None) -> None:
            async with executors.slot(place, 1):
                order.append(name)
                if until:
                    await until.wait()

        first = asyncio.create_task(work("first", 0, free))
        await asyncio.sleep(0)
        later = [
            asyncio.create_task(work(name, place))
            for name, place in (("late", 9), ("given up", 1), ("sure", 2))
        ]
        await asyncio.sleep(0)
        later[1].cancel()
        free.set()
        await asyncio.gather(first, *later, return_exceptions=True)
        async with executors.slot(0, 1):
            order.append("free again")
        return order

    assert asyncio.run(go()) == ["first", "sure", "late", "free again"]


def test_one_whose_turn_has_come_when_it_is_cancelled_hands_it_on():
    async def go() -> list[str]:
        executors, order = Executors(), []

        async def work(name: str, place: int) -> None:
            async with executors.slot(place, 1):
                order.append(name)

        async with executors.slot(0, 1):
            next_one, last = asyncio.create_task(work("next", 1)), asyncio.create_task(work("last", 2))
            await asyncio.sleep(0)
        next_one.cancel()
        await asyncio.gather(next_one, last, return_exceptions=True)
        return order

    assert asyncio.run(go()) == ["last"]


def test_equal_checks_wait_for_each_other_and_others_do_not():
    async def go() -> list[str]:
        executors, order = Executors(), []

        async def check(inputs: str, name: str) -> None:
            async with executors.alone(inputs):
                order.append(f"{name} begins")
                await asyncio.sleep(0)
                order.append(f"{name} ends")

        await asyncio.gather(check("x", "one"), check("x", "two"), check("y", "other"))
        return order

    told = asyncio.run(go())
    assert told.index("one ends") < told.index("two begins")
    assert told.index("other begins") < told.index("one ends")
