"""What every batch was judged on, kept as a record and as a page that an engineer reads in five seconds."""

from pipelines.judgements.judgement import Judgement, judgement_of
from pipelines.judgements.keeping import index_file, keep

__all__ = ["Judgement", "index_file", "judgement_of", "keep"]
