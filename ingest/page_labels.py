"""Tell the label of each page by the numbers that are printed on the pages."""

from itertools import pairwise

from ingest.edge_lines import value_of


def counting_on(printed: dict[int, set[str]]) -> dict[int, str]:
    """For each page the printed number that a page before and after it count on to; pages without one
    that lie between such pages get the number that is missing."""
    series: dict[int, tuple[str, int]] = {}
    """For each page its label and by how much the label's value is ahead of the page's number."""
    for number, labels in printed.items():
        support = {}
        for label in labels:
            ahead = value_of(label) - number
            is_roman = not label.isdecimal()
            support[label] = sum(
                any(
                    value_of(other) - near == ahead and (not other.isdecimal()) == is_roman
                    for other in printed[near]
                )
                for near in range(number - 4, number + 5)
                if near != number and near in printed
            )
        best = max(support, key=lambda label: support[label], default=None)
        if best is not None and support[best] >= min(2, len(printed) - 1):
            series[number] = best, value_of(best) - number
    found = {number: label for number, (label, _) in series.items()}
    for before, after in pairwise(sorted(series)):
        (label, ahead), (_, ahead_after) = series[before], series[after]
        if ahead == ahead_after and label.isdecimal():
            found |= {number: str(number + ahead) for number in range(before + 1, after)}
    return found
