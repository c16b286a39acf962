"""Settings shared by the tests of the method."""

from hypothesis import settings

settings.register_profile("symetrie", deadline=None)  # a busy machine is no failure
settings.load_profile("symetrie")
