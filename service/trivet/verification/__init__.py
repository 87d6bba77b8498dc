"""The verdict: what may be asked, how it is judged, and what is answered."""
