"""Which practices are neighbours of one another?

Two practices are neighbours when no third practice stands between them (the Gabriel graph), or when they
are joined by a triangle side of the Delaunay triangulation that is short for its surroundings. Practices
under one roof are neighbours of each other and of the same others. The graph is always connected: parts
that would be cut off are joined by the shortest link there is, and the links so made are named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay, QhullError, cKDTree

LinkKind = Literal["roof", "gabriel", "triangle", "joined", "agreed"]

EARTH_RADIUS_KM = 6371.0088
# Five decimals of a degree are about a metre: nearer than that is the same building.
SAME_POINT_DECIMALS = 5
# A triangle side counts as short up to this multiple of the mean link around its two ends. It only
# widens the choice of groups; 1.5 roughly completes the Gabriel graph in towns without crossing open country.
SHORT_SIDE = 1.5


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two neighbours, by position in the list of practices, and why they are neighbours."""

    first: int
    second: int
    km: float
    kind: LinkKind


@dataclass(frozen=True, slots=True)
class Adjacency:
    """The neighbour graph: links in order, and the clusters that had to be joined (empty when none)."""

    links: tuple[Link, ...]
    cut_off: tuple[tuple[int, ...], ...]


def projected_km(latitudes: Sequence[float], longitudes: Sequence[float]) -> NDArray[np.float64]:
    """Positions on a flat map, in km east and north of the middle of the place.

    Takes    latitudes and longitudes in degrees, one each per practice.
    Returns  one row (east, north) per practice. Distances are true to about 0.5 % across an English region.
    Raises   nothing.
    Source   equirectangular projection, true to scale on the middle latitude.
    """
    lat = np.asarray(latitudes, dtype=float)
    lon = np.asarray(longitudes, dtype=float)
    if lat.size == 0:
        return np.zeros((0, 2))
    # Mid-range, not mean: the sum behind a mean depends on the order of the practices.
    middle_lat = (lat.min() + lat.max()) / 2
    middle_lon = (lon.min() + lon.max()) / 2
    km_per_degree = np.pi * EARTH_RADIUS_KM / 180
    east = (lon - middle_lon) * km_per_degree * np.cos(np.radians(middle_lat))
    north = (lat - middle_lat) * km_per_degree
    return np.column_stack([east, north])


def distances_km(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Straight-line km between every two points: a square, symmetric array with zeros on the diagonal."""
    steps = points[:, None, :] - points[None, :, :]
    return np.sqrt((steps**2).sum(axis=2))


def neighbour_graph(
    latitudes: Sequence[float], longitudes: Sequence[float], *, longest_link_km: float | None = None
) -> Adjacency:
    """Neighbours among practices, always connected.

    Takes    latitudes, longitudes in degrees; longest_link_km: a longer link is not used, unless it is the
             shortest way to join a part of the place that would otherwise be cut off.
    Returns  links between positions in the lists given, sorted; and the clusters that were cut off.
    Raises   nothing. One practice has no links; practices at one point are all linked to each other.
    Source   Gabriel and Sokal 1969 (graph); Delaunay 1934 (triangulation).
    """
    points = projected_km(latitudes, longitudes)
    sites, site_of = _sites(latitudes, longitudes, points)
    kinds = _site_links(sites, longest_link_km)
    clusters = _clusters(len(sites), kinds)
    cut_off: list[tuple[int, ...]] = []
    if len(clusters) > 1:
        largest = max(range(len(clusters)), key=lambda place: (len(clusters[place]), -place))
        for place, cluster in enumerate(clusters):
            if place != largest:
                cut_off.append(tuple(sorted(i for i, site in enumerate(site_of) if site in cluster)))
        kinds |= dict.fromkeys(_joining_links(sites, clusters), "joined")
    return Adjacency(tuple(sorted(_practice_links(points, site_of, kinds))), tuple(sorted(cut_off)))


def _sites(latitudes, longitudes, points):
    """Distinct points, and which of them each practice stands on."""
    keys = [
        (round(a, SAME_POINT_DECIMALS), round(b, SAME_POINT_DECIMALS))
        for a, b in zip(latitudes, longitudes, strict=True)
    ]
    numbers = {key: number for number, key in enumerate(sorted(set(keys)))}
    site_of = [numbers[key] for key in keys]
    sites = np.zeros((len(numbers), 2))
    for i in reversed(range(len(keys))):
        sites[site_of[i]] = points[i]
    return sites, site_of


def _site_links(sites, longest_link_km) -> dict[tuple[int, int], LinkKind]:
    sides = _triangle_sides(sites)
    if not sides:
        return {}
    tree = cKDTree(sites)
    ends = np.array(sides)
    length = np.linalg.norm(sites[ends[:, 0]] - sites[ends[:, 1]], axis=1)
    middle = (sites[ends[:, 0]] + sites[ends[:, 1]]) / 2
    # No site nearer to the middle than the two ends: nothing stands between them.
    nearest, _ = tree.query(middle, k=1)
    between = nearest < length / 2 * (1 - 1e-9)
    around = np.zeros(len(sites))
    count = np.zeros(len(sites))
    for column in (0, 1):
        np.add.at(around, ends[~between, column], length[~between])
        np.add.at(count, ends[~between, column], 1)
    around /= np.maximum(count, 1)
    short = length <= SHORT_SIDE * (around[ends[:, 0]] + around[ends[:, 1]]) / 2
    allowed = np.ones(len(sides), bool) if longest_link_km is None else length <= longest_link_km
    kinds: dict[tuple[int, int], LinkKind] = {}
    for side, blocked, is_short, is_allowed in zip(sides, between, short, allowed, strict=True):
        if is_allowed and not (blocked and not is_short):
            kinds[side] = "triangle" if blocked else "gabriel"
    return kinds


def _triangle_sides(sites) -> list[tuple[int, int]]:
    """Sides of the Delaunay triangles; along a line, the steps from each point to the next."""
    if len(sites) < 2:
        return []
    if len(sites) > 2:
        try:
            triangles = Delaunay(sites).simplices
        except QhullError:  # all on one line
            pass
        else:
            corners = np.sort(triangles, axis=1).tolist()
            return sorted({pair for corner in corners for pair in combinations(corner, 2)})
    spread = sites - sites.mean(axis=0)
    direction = np.linalg.svd(spread)[2][0]
    order = np.argsort(spread @ direction, kind="stable").tolist()
    return sorted((min(a, b), max(a, b)) for a, b in pairwise(order))


def _clusters(count, pairs) -> list[set[int]]:
    """Connected parts of a graph on `count` points, each a set, in order of their lowest point."""
    neighbours: list[set[int]] = [set() for _ in range(count)]
    for a, b in pairs:
        neighbours[a].add(b)
        neighbours[b].add(a)
    unseen = set(range(count))
    clusters = []
    for start in range(count):
        if start not in unseen:
            continue
        cluster, frontier = {start}, [start]
        while frontier:
            new = neighbours[frontier.pop()] - cluster
            cluster |= new
            frontier.extend(new)
        unseen -= cluster
        clusters.append(cluster)
    return clusters


def _joining_links(sites, clusters) -> list[tuple[int, int]]:
    """The shortest links that make one place of several clusters (a least spanning tree between them)."""
    distance = distances_km(sites)
    label = np.zeros(len(sites), int)
    for number, cluster in enumerate(clusters):
        label[sorted(cluster)] = number
    made = []
    while len(set(label.tolist())) > 1:
        apart = np.where(label[:, None] != label[None, :], distance, np.inf)
        a, b = divmod(int(apart.argmin()), len(sites))
        made.append((min(a, b), max(a, b)))
        label[label == label[b]] = label[a]
    return made


def _practice_links(points, site_of, kinds) -> list[Link]:
    """Links between sites, carried over to every practice that stands on them."""
    on_site: dict[int, list[int]] = {}
    for i, site in enumerate(site_of):
        on_site.setdefault(site, []).append(i)
    links = []
    for members in on_site.values():
        links += [Link(a, b, 0.0, "roof") for a, b in combinations(members, 2)]
    for (site, other), kind in kinds.items():
        km = float(np.linalg.norm(points[on_site[site][0]] - points[on_site[other][0]]))
        links += [Link(min(a, b), max(a, b), km, kind) for a in on_site[site] for b in on_site[other]]
    return links
