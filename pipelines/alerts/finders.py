"""Everybody who looks for something on a business date; whoever joins looks at the past days as well."""

from pipelines.alerts.cases import CaseFinder
from pipelines.alerts.finder import Finder
from pipelines.alerts.news import News
from pipelines.alerts.signals import SignalFinder

FINDERS: tuple[Finder, ...] = (CaseFinder(), SignalFinder(), News())
