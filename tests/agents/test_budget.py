import asyncio
import math

from hive.agents.budget import Budget, Budgets


def test_without_a_limit_nothing_waits():
    async def play():
        budget = Budget()
        async with budget.reservation(1e6), budget.reservation(1e6):
            return budget.left

    assert math.isinf(asyncio.run(play()))


def test_a_call_waits_until_what_it_may_cost_is_free():
    order = []

    async def call(budget, usd, cost):
        async with budget.reservation(usd):
            order.append(usd)
            await asyncio.sleep(0)
            budget.spend(cost)

    async def play():
        budget = Budget(limit=10.0)
        await asyncio.gather(call(budget, 6.0, 1.0), call(budget, 5.0, 1.0), call(budget, 3.0, 1.0))
        return budget

    budget = asyncio.run(play())
    assert order == [6.0, 3.0, 5.0]
    assert (budget.spent, budget.reserved) == (3.0, 0.0)


def test_the_last_money_is_for_one_call_alone():
    async def play():
        budget = Budget(limit=10.0, spent=9.9)
        async with budget.reservation(5.0):
            other = asyncio.ensure_future(budget.reservation(0.01).__aenter__())
            await asyncio.sleep(0)
            assert not other.done()
            budget.spend(5.0)
        await asyncio.sleep(0)
        assert not other.done()
        assert budget.exhausted
        budget.restate(20.0, 3.0)
        await other
        return budget.spent

    assert asyncio.run(play()) == 14.9


def test_whoever_is_cancelled_while_waiting_holds_nothing():
    async def play():
        budget = Budget(limit=1.0)
        async with budget.reservation(1.0):
            other = asyncio.ensure_future(budget.reservation(1.0).__aenter__())
            await asyncio.sleep(0)
            other.cancel()
            await asyncio.gather(other, return_exceptions=True)
        async with budget.reservation(1.0):
            return budget.reserved

    assert asyncio.run(play()) == 1.0


def test_each_run_has_its_own():
    budgets = Budgets()
    budgets.of("a").restate(1.0, 1.0)
    assert budgets.of("a").exhausted
    assert not budgets.of("b").exhausted
