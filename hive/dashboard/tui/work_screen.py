"""What the screens about runs have in common: the frame, the deeds, and when they are drawn."""

from collections.abc import Iterable

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Footer

from hive.dashboard.palette import STRONG, safe
from hive.dashboard.tui.ask import Ask
from hive.dashboard.tui.backend import Backend
from hive.dashboard.tui.commands import Raise, Reject, Simple, spoken
from hive.dashboard.tui.confirm import Confirm
from hive.dashboard.tui.deeds import Deed, Target, offered
from hive.dashboard.tui.messages import Commanded, Edited, Queueing, Reviewed, Shown
from hive.dashboard.tui.place import Place
from hive.dashboard.tui.topbar import Standing, TopBar, standing_line
from hive.state import RunState
from hive.text import one_line


class WorkScreen(Screen[None]):
    """Renders the board and sends commands; `draw` is called at most ten times a second, only when on top."""

    BINDINGS = [
        Binding("a", "deed('approve')", "approve"),
        Binding("r", "deed('reject')", "reject"),
        Binding("c", "deed('comment')", "comment"),
        Binding("l", "deed('land')", "land"),
        Binding("R", "deed('retry')", "retry"),
        Binding("s", "deed('stop')", "stop"),
        Binding("i", "deed('interrupt')", "interrupt"),
        Binding("v", "review", "review", show=False),
        Binding("Q", "queue", "queue", show=False),
        Binding("escape,q", "back", "back"),
        Binding("question_mark", "help", "help", key_display="?"),
    ]

    def __init__(self, backend: Backend, runs: dict[str, RunState]) -> None:
        super().__init__()
        self.backend = backend
        self.runs = runs
        self._sized = False
        self._keys: object = None
        """The keys that the footer was last told of."""

    @property
    def drawable(self) -> bool:
        """Whether its widgets are there: not before sizes are known, and no longer when it has been left."""
        return self._sized and self.app.is_running and self in self.app.screen_stack

    def compose(self) -> ComposeResult:
        """The bar, what the screen is about, the keys."""
        yield TopBar()
        yield from self.content()
        yield Footer(show_command_palette=False)

    def content(self) -> ComposeResult:
        """The widgets between the bar and the keys."""
        raise NotImplementedError

    def draw(self, changed: Iterable[str] | None = None) -> None:
        """Render the state as it is now; `changed` names the runs that changed, none means all."""
        raise NotImplementedError

    def where(self) -> str:
        """What the bar says about this screen."""
        return ""

    def target(self) -> Target | None:
        """What the deeds' keys are about now."""
        raise NotImplementedError

    def place(self) -> Place | None:
        """The line of a diff that a comment would be about."""
        return None

    def stand(self, standing: Standing) -> None:
        """Show how the project stands."""
        for bar in self.query(TopBar):  # none yet while the screen is being made
            bar.say(standing_line(self.backend.name, self.where(), standing))

    def on_mount(self) -> None:
        """Be drawn for the first time, as soon as sizes are known."""
        self.call_after_refresh(self._first_picture)

    def _first_picture(self) -> None:
        self._sized = True
        self.post_message(Shown())

    def on_screen_resume(self) -> None:
        """Be drawn again: much may have happened below another screen."""
        if self.drawable:
            self.post_message(Shown())

    def refresh_bindings(self) -> None:
        """Have the keys laid out again, if others apply now: that costs more than the rest of a picture."""
        keys: object = None
        if self.drawable and self.app.app_focus:  # else no footer listens
            keys = [
                (key, active.binding.action, active.enabled) for key, active in self.active_bindings.items()
            ]
        if keys is None or keys != self._keys:
            self._keys = keys
            super().refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys are shown, and work, where they make sense."""
        if action != "deed":
            return True
        target = self.target() if self.drawable else None
        run = self.runs.get(target.run) if target else None
        return run is not None and target is not None and parameters[0] in offered(run, *target[1:])

    def action_deed(self, deed: Deed) -> None:
        """Do it to what the keys are about."""
        if target := self.target():
            self.act(deed, target)

    def act(self, deed: Deed, target: Target) -> None:
        """Ask for the words where the deed needs some, then send the command."""
        who = safe(target.service or target.run, STRONG)
        match deed:
            case "comment" if target.service:
                self.ask_comment(target.run, target.service)
            case "reject":
                self._ask_reason(target, who)
            case "land":
                self._confirm_landing(target)
            case "retry" if target.service is None and self.runs[target.run].overspent:
                self._ask_budget(self.runs[target.run])
            case "approve":
                self.post_message(Commanded(Simple(deed, target, self.seen(target))))
            case "retry" | "stop" | "interrupt":
                self.post_message(Commanded(Simple(deed, target)))

    def seen(self, target: Target) -> dict[str, str]:
        """The digests of the diffs that are on the screen, by service."""
        tasks = self.runs[target.run].tasks.values()
        return {t.service: t.work.diff for t in tasks if t.work and target.service in (None, t.service)}

    def ask_comment(self, run: str, service: str) -> None:
        """Ask for a comment, about the line under the cursor where there is one, or for what the agent waits for."""
        place, who, task = self.place(), safe(service, STRONG), self.runs[run].tasks[service]

        def send(words: str | None) -> None:
            if words:
                self.post_message(Commanded(spoken(run, task, words, place)))

        if asked := next(iter(task.asked.values()), None):
            question = Text.assemble(who, " asks: ", safe(asked.text, limit=600))
            self.app.push_screen(
                Ask(question, one_line(" | ".join(asked.options), 200) or "the answer"), send
            )
            return
        where = Text.assemble(" at ", safe(f"{place.path}:{place.line}")) if place else Text()
        question = Text.assemble("What should ", who, " change", where, "?")
        hint = "the agent hears it now" if task.phase == "working" else "the agent gets it and works again"
        self.app.push_screen(Ask(question, hint), send)

    def _ask_reason(self, target: Target, who: Text) -> None:
        def send(words: str | None) -> None:
            if words is not None:
                self.post_message(Commanded(Reject(target, words)))

        if target.proposal is not None:
            question = Text.assemble("Reject proposal ", str(target.proposal), " of ", who, "?")
        else:
            what = "Reject " if target.service else "Discard the whole run "
            question = Text.assemble(what, who, "? Its work is kept.")
        self.app.push_screen(Ask(question, "why, for the record", required=False), send)

    def _ask_budget(self, run: RunState) -> None:
        def send(words: str | None) -> None:
            if words is None:
                return
            try:
                usd = float(words.removeprefix("$"))
            except ValueError:
                self.app.notify(f"{words!r} is not an amount", severity="error", markup=False)
            else:
                self.post_message(Commanded(Raise(run.id, usd)))

        question = safe(f"{run.cost_usd:.2f} USD are spent of {run.budget_usd or 0:.2f}. How much in all?")
        self.app.push_screen(Ask(question, "an amount in USD"), send)

    def _confirm_landing(self, target: Target) -> None:
        run = self.runs[target.run]

        def send(sure: bool | None) -> None:
            if sure:
                self.post_message(Commanded(Simple("land", Target(target.run))))

        question = Text.assemble(
            "Land ", safe(run.created.request, STRONG), " on ", safe(run.created.target, STRONG), "?"
        )
        self.app.push_screen(Confirm(question), send)

    def action_review(self) -> None:
        """The diffs of the run that the keys are about."""
        if target := self.target():
            self.post_message(Reviewed(target))

    def action_queue(self) -> None:
        """What waits to land."""
        self.post_message(Queueing())

    def action_edit(self) -> None:
        """Open the file of the line under the cursor."""
        target, place = self.target(), self.place()
        if target and place:
            self.post_message(Edited(target, place))

    def action_back(self) -> None:
        """To the screen below; there is always the inbox."""
        self.dismiss()

    async def action_help(self) -> None:
        """Every key on one page."""
        await self.app.run_action("help")
