"""The demo company: a French retail network whose answers are drawn by lot and whose truth is known."""

from pipelines.demo.company import DemoReport, make_demo

__all__ = ["DemoReport", "make_demo"]
