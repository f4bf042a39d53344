"""Registries of packages that a project's tools download from, by name."""

_HOSTS = {
    "pypi": ("pypi.org", "files.pythonhosted.org"),
    "npm": ("registry.npmjs.org",),
    "crates": ("index.crates.io", "static.crates.io", "crates.io"),
    "go": ("proxy.golang.org", "sum.golang.org"),
    "maven": ("repo.maven.apache.org", "repo1.maven.org", "plugins.gradle.org", "services.gradle.org"),
    "rubygems": ("rubygems.org", "index.rubygems.org"),
    "nuget": ("api.nuget.org",),
    "packagist": ("repo.packagist.org", "packagist.org"),
}
REGISTRIES = {**_HOSTS, "registry": tuple(host for hosts in _HOSTS.values() for host in hosts)}
"""Their hosts, all on port 443; `registry` is all of them."""
