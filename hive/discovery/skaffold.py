"""Images and the folders that they are built from, as Skaffold files say."""

from collections.abc import Iterator
from posixpath import basename, dirname, join, normpath

from hive.discovery.deployment import Deployment
from hive.discovery.documents import line_of, mapping, sequence, text_of, yaml_documents
from hive.discovery.sources import Sources


def skaffold_deployments(sources: Sources) -> Iterator[Deployment]:
    """One entry for each artifact whose folder exists."""
    for path in sources.named(r"skaffold[\w.-]*\.ya?ml"):
        for document in yaml_documents(sources.text(path) or ""):
            for artifact in sequence(mapping(mapping(document).get("build")).get("artifacts")):
                image = text_of(mapping(artifact).get("image"))
                module = text_of(mapping(mapping(artifact).get("jib")).get("project"))
                context = text_of(mapping(artifact).get("context")) or "."
                folder = normpath(join(dirname(path), context, module.rpartition(":")[2]))
                if image and folder in sources.folders:
                    dockerfile = (
                        text_of(mapping(mapping(artifact).get("docker")).get("dockerfile")) or "Dockerfile"
                    )
                    file = normpath(join(dirname(path), context, dockerfile))
                    yield Deployment(
                        name=basename(image).partition(":")[0],
                        kind="build",
                        where=f"{path}:{line_of(image)}",
                        folder=folder,
                        dockerfile=file if file in sources else None,
                        image=image,
                    )
