"""Where a symbolic link of a tree leads, by its text alone: nothing on the disk is asked."""


def leaves_tree(path: str, target: str) -> bool:
    """Whether a link at `path` (relative, posix) may lead out of the tree, or into git's own folder.

    A `..` after a name is taken as leaving: the name may itself be a link, and then nobody can tell by the text.
    """
    if target.startswith("/") or "\0" in target or not target:
        return True
    parts = [part for part in target.split("/") if part not in ("", ".")]
    climbs = 0
    while climbs < len(parts) and parts[climbs] == "..":
        climbs += 1
    depth = path.count("/")
    names = parts[climbs:]
    return climbs > depth or ".." in names or any(name.casefold() == ".git" for name in names)
