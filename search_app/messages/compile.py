"""A step of the build: compiles the message catalogues, for a package as for an installation by ``make``."""

from setuptools.command.build_py import build_py


class BuildWithMessages(build_py):
    """Compiles the catalogues beside their sources, then collects all that belongs to the packages."""

    def run(self) -> None:
        """Build. setup.cfg tells Babel's command where the catalogues are."""
        self.run_command("compile_catalog")
        super().run()
