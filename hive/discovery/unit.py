"""A service with everything that was found about it."""

from dataclasses import dataclass

from hive.discovery.deployment import Deployment
from hive.discovery.docker import Dockerfile
from hive.discovery.manifest import Manifest


@dataclass(frozen=True)
class Candidate:
    """A folder that may be a service."""

    folder: str
    manifests: tuple[Manifest, ...] = ()
    dockerfiles: tuple[Dockerfile, ...] = ()
    deployments: tuple[Deployment, ...] = ()

    @property
    def deployed(self) -> bool:
        """Whether a file says that it runs somewhere."""
        return bool(self.dockerfiles) or any(deployment.kind != "values" for deployment in self.deployments)


@dataclass(frozen=True)
class Unit:
    """A folder that is a service, under its final name."""

    name: str
    folder: str
    manifests: tuple[Manifest, ...] = ()
    dockerfiles: tuple[Dockerfile, ...] = ()
    deployments: tuple[Deployment, ...] = ()
