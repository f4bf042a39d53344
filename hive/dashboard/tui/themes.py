"""Dark, light and high contrast; the names that `--theme` and the palette offer."""

from textual.theme import Theme

DARK = Theme(
    name="hive-dark", primary="#e0a526", secondary="#7a5c1a", accent="#5fb3d9", warning="#e0a526",
    error="#e06c6c", success="#7bc275", foreground="#d8d8d8", background="#14161a", surface="#1b1e24",
    panel="#262a32", dark=True,
    variables={"footer-key-foreground": "#e0a526", "block-cursor-text-style": "none",
               "block-cursor-background": "#3a3320", "block-cursor-foreground": "#f5f0e0",
               "block-cursor-blurred-background": "#22252c", "border-blurred": "#343a45"},
)  # fmt: skip
LIGHT = Theme(
    name="hive-light", primary="#8a5a00", secondary="#d9b566", accent="#00658f", warning="#8a5a00",
    error="#b00020", success="#1d6b2a", foreground="#1c1c1c", background="#fbfaf7", surface="#f3f1eb",
    panel="#e6e2d8", dark=False,
    variables={"footer-key-foreground": "#8a5a00", "block-cursor-text-style": "none",
               "block-cursor-background": "#f0dfb4", "block-cursor-foreground": "#1c1c1c",
               "block-cursor-blurred-background": "#ebe7dc", "border-blurred": "#cfc9ba"},
)  # fmt: skip
CONTRAST = Theme(
    name="hive-contrast", primary="#ffff00", secondary="#ffffff", accent="#00ffff", warning="#ffff00",
    error="#ff6060", success="#00ff00", foreground="#ffffff", background="#000000", surface="#000000",
    panel="#000000", boost="#202020", dark=True, text_alpha=1.0,
    variables={"footer-key-foreground": "#ffff00", "block-cursor-text-style": "bold",
               "block-cursor-background": "#ffff00", "block-cursor-foreground": "#000000",
               "block-cursor-blurred-background": "#303030", "border-blurred": "#ffffff"},
)  # fmt: skip
THEMES = (DARK, LIGHT, CONTRAST)
