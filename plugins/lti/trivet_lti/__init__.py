"""Shows on a course page of any learning platform whether its instructors stand certified: an LTI 1.3 tool."""

__version__ = "0.1.0"
