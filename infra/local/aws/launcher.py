"""Starts MiniStack with the fixes of patches.py, applied to its source in memory while it is imported.

Nothing on disk is changed, so the same virtual environment also serves an unpatched MiniStack:
`launcher.py --without abort` leaves a fix out, which is how a test sees that it is still needed.
Stops with status 3 and a message when a text to patch is not there exactly once: upstream has changed it.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys

from patches import PATCHES, Patch


class PatchingLoader(importlib.machinery.SourceFileLoader):
    """Compiles patched source; never reads or writes the byte code cache, which knows only the original."""

    def get_code(self, fullname):
        return self.source_to_code(patch(fullname, self.get_source(fullname)), self.path)


class PatchingFinder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path, target=None):
        if all(each.module != fullname for each in wanted):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        spec.loader = PatchingLoader(fullname, spec.origin)
        return spec


def patch(module: str, source: str) -> str:
    for each in wanted:
        if each.module != module:
            continue
        found = source.count(each.before)
        if found != 1:
            stop(each, found)
        source = source.replace(each.before, each.after)
    return source


def stop(broken: Patch, found: int) -> None:
    print(
        f"The fix '{broken.fix}' does not fit this MiniStack: its text is in {broken.module} {found} times, not once.\n"
        f"Pin ministack to the version of infra/local/requirements.in, or adapt infra/local/aws/patches.py.\n"
        f"The text:\n{broken.before}",
        file=sys.stderr,
        flush=True,
    )
    raise SystemExit(3)


def check_all() -> None:
    """Before the start, since most modules are imported only when their service is first called."""
    for module in {each.module for each in wanted}:
        spec = importlib.util.find_spec(module)
        patch(module, spec.loader.get_source(module))


left_out = {sys.argv[index + 1] for index, word in enumerate(sys.argv) if word == "--without"}
if unknown := left_out - {each.fix for each in PATCHES}:
    raise SystemExit(f"patches.py has no fix named {', '.join(sorted(unknown))}.")
wanted = [each for each in PATCHES if each.fix not in left_out]
sys.argv = sys.argv[:1]

sys.meta_path.insert(0, PatchingFinder())
check_all()

from ministack.app import main  # noqa: E402 - only now, so that the finder above sees its imports

main()
