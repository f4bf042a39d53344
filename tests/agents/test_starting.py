import asyncio

from hive.agents.starting import Starting


def test_no_more_start_at_a_time_than_there_are_places():
    started, most = [], 0

    async def play():
        nonlocal most
        starting, working = Starting(asyncio.Semaphore(2)), asyncio.Event()

        async def program(number):
            nonlocal most
            async with starting.place() as place:
                started.append(number)
                most = max(most, len(started) - over.count(True))
                await asyncio.sleep(0)
                over.append(True)
                place.over()
                place.over()
                await working.wait()

        over = []
        programs = [asyncio.ensure_future(program(number)) for number in range(6)]
        while len(over) < 6:
            await asyncio.sleep(0)
        working.set()
        await asyncio.gather(*programs)
        return starting.slots._value

    assert asyncio.run(play()) == 2
    assert most == 2


def test_a_program_that_never_gets_going_lets_the_next_one_start():
    async def play():
        starting = Starting(asyncio.Semaphore(1))
        async with starting.place(0.01), starting.place():
            return True

    assert asyncio.run(play())
