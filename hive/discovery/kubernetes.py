"""Containers of Kubernetes manifests, plain or as Helm templates, and of Helm values."""

from collections.abc import Iterator
from posixpath import basename, commonprefix, dirname, join
from typing import Any

from hive.discovery.deployment import Deployment, Setting
from hive.discovery.documents import helm_documents, line_of, mapping, sequence, text_of, yaml_documents
from hive.discovery.roles import is_infrastructure
from hive.discovery.sources import Sources

_WORKLOADS = frozenset(
    {"Deployment", "StatefulSet", "DaemonSet", "Pod", "Job", "CronJob", "Rollout", "ReplicationController"}
    | {"DeploymentConfig", "ReplicaSet"}
)
_LEAF_LIMIT = 2000

Found = tuple[str, dict[str, Any]]


def kubernetes_deployments(sources: Sources) -> Iterator[Deployment]:
    """Every workload, with the settings that its config maps give it and the Services that lead to it."""
    objects = [
        (path, found)
        for path in sources.named(r".*\.ya?ml(\.tpl|\.tmpl)?")
        for found in _objects(sources, path)
    ]
    maps = _Maps([(path, body) for path, body in objects if body.get("kind") == "ConfigMap"])
    selectors = [
        (_name(body), _labels(body, "spec", "selector"))
        for _, body in objects
        if body.get("kind") == "Service"
    ]
    for path, body in objects:
        if body.get("kind") in _WORKLOADS or _is_knative(body):
            deployment = _workload(path, body, maps, selectors)
            if deployment:
                yield deployment


def helm_values(sources: Sources) -> Iterator[Deployment]:
    """Settings that a chart's values hold for the chart's own service, or for the services named by its keys."""
    for path in sources.named(r"values[\w.-]*\.ya?ml"):
        chart = join(dirname(path), "Chart.yaml")
        document = next(iter(yaml_documents(sources.text(path) or "")), None)
        if not isinstance(document, dict):
            continue
        described = next(iter(yaml_documents(sources.text(chart) or "")), None)
        name = text_of(mapping(described).get("name")) or basename(dirname(path))
        own = [
            (key, value)
            for key, value in document.items()
            if not isinstance(value, dict) or key not in _children(document)
        ]
        yield Deployment(
            name=str(name), kind="values", where=f"{path}:1", settings=tuple(_leaves(path, dict(own)))
        )
        for key, value in _children(document).items():
            yield Deployment(
                name=str(key),
                kind="values",
                where=f"{path}:{line_of(key)}",
                settings=tuple(_leaves(path, value)),
            )


class _Maps:
    """Config maps by name; overlays may define one name many times."""

    def __init__(self, objects: list[Found]) -> None:
        self._named: dict[str, list[Found]] = {}
        for path, body in objects:
            self._named.setdefault(_name(body), []).append((path, body))

    def nearest(self, name: str, path: str) -> Found:
        """The config map of that name in the folder closest to the workload's file."""
        found = self._named.get(name, [])
        return max(
            found, key=lambda one: (len(commonprefix([one[0], path])), -len(one[0])), default=(path, {})
        )


def _children(document: dict[str, Any]) -> dict[str, Any]:
    """Parts of an umbrella chart's values that look like one service each."""
    below = {**document, **mapping(document.get("services")), **mapping(document.get("components"))}
    marks = {"image", "env", "environment", "replicas", "replicaCount", "port", "service", "enabled"}
    found = {
        key: value for key, value in below.items() if isinstance(value, dict) and not marks.isdisjoint(value)
    }
    return found if len(found) > 1 else {}


def _objects(sources: Sources, path: str) -> Iterator[dict[str, Any]]:
    text = sources.text(path) or ""
    if "kind:" not in text or "apiVersion:" not in text:
        return
    for document in helm_documents(text):
        for body in [document, *sequence(mapping(document).get("items"))]:
            if isinstance(body, dict) and isinstance(body.get("kind"), str):
                yield body


def _name(body: dict[str, Any]) -> str:
    return text_of(mapping(body.get("metadata")).get("name"))


def _is_knative(body: dict[str, Any]) -> bool:
    return body.get("kind") == "Service" and text_of(body.get("apiVersion")).startswith("serving.knative.dev")


def _labels(body: dict[str, Any], *keys: str) -> dict[str, str]:
    value: Any = body
    for key in keys:
        value = mapping(value).get(key)
    return {key: str(label) for key, label in mapping(value).items() if isinstance(label, str)}


def _pod(body: dict[str, Any]) -> dict[str, Any]:
    """The pod template of any workload; the body itself for a Pod."""
    spec = mapping(body.get("spec"))
    if body.get("kind") == "CronJob":
        spec = mapping(mapping(spec.get("jobTemplate")).get("spec"))
    return body if body.get("kind") == "Pod" else mapping(spec.get("template"))


def _workload(
    path: str,
    body: dict[str, Any],
    maps: "_Maps",
    selectors: list[tuple[str, dict[str, str]]],
) -> Deployment | None:
    pod = _pod(body)
    containers = [c for c in sequence(mapping(pod.get("spec")).get("containers")) if isinstance(c, dict)]
    own = [c for c in containers if not is_infrastructure(text_of(c.get("image")))]
    name = _name(body).strip("-")
    if not own or not name:
        return None
    labels = _labels(pod, "metadata", "labels")
    reached = [
        service for service, wanted in selectors if wanted and service and wanted.items() <= labels.items()
    ]
    dapr = text_of(mapping(mapping(pod.get("metadata")).get("annotations")).get("dapr.io/app-id"))
    return Deployment(
        name=str(name),
        kind="kubernetes",
        where=f"{path}:{line_of(_name(body))}",
        image=text_of(own[0].get("image")),
        hosts=tuple(host for host in (*reached, dapr) if host),
        settings=tuple(setting for container in own for setting in _settings(path, container, maps)),
    )


def _settings(path: str, container: dict[str, Any], maps: "_Maps") -> Iterator[Setting]:
    for variable in sequence(container.get("env")):
        name = text_of(mapping(variable).get("name"))
        reference = mapping(mapping(mapping(variable).get("valueFrom")).get("configMapKeyRef"))
        if reference:
            file, config = maps.nearest(text_of(reference.get("name")), path)
            value = mapping(config.get("data")).get(text_of(reference.get("key")))
            yield Setting(name, text_of(value), f"{file}:{line_of(value)}")
        elif name:
            value = mapping(variable).get("value")
            yield Setting(name, text_of(value), f"{path}:{line_of(value if value is not None else name)}")
    for source in sequence(container.get("envFrom")):
        reference = mapping(mapping(source).get("configMapRef"))
        file, config = maps.nearest(text_of(reference.get("name")), path)
        for key, value in mapping(config.get("data")).items():
            yield Setting(key, text_of(value), f"{file}:{line_of(value)}", shared=True)
    arguments = [text_of(part) for key in ("command", "args") for part in sequence(container.get(key))]
    if arguments:
        yield Setting(
            "command",
            " ".join(arguments),
            f"{path}:{line_of(container.get('args') or container.get('command'))}",
        )


def _leaves(path: str, value: object) -> Iterator[Setting]:
    """Scalars of nested settings, each under the name that leads to it."""
    waiting: list[tuple[str, object]] = [("", value)]
    for _ in range(_LEAF_LIMIT):
        if not waiting:
            return
        name, current = waiting.pop(0)
        if isinstance(current, dict):
            waiting.extend((f"{name}.{key}" if name else str(key), inner) for key, inner in current.items())
        elif isinstance(current, list):
            for entry in current:
                pair = mapping(entry)
                named = text_of(pair.get("name"))
                waiting.append((named, pair.get("value")) if named and "value" in pair else (name, entry))
        elif isinstance(current, str):
            yield Setting(name, current, f"{path}:{line_of(current)}")
