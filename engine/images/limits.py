"""How much of an untrusted file this program takes on; beyond that it refuses, saying so."""

from __future__ import annotations

MAX_FILE_BYTES = 1 << 30
"""Largest file that is read: 1 GiB, since the bytes are held in memory once."""

MAX_PIXELS = 250_000_000
"""Largest picture that is decoded: 250 megapixels, 750 MB of samples."""

MAX_TEXT_BYTES = 16 << 20
"""Longest compressed text or profile in a PNG that is unpacked: generators store workflows of
megabytes, and what unpacks to more is made to exhaust memory."""

MIN_SIDE_PX = 32
"""Smallest side that can be examined: below it no method has a full window."""

DECODE_LIMIT_S = 120.0
"""Longest time one file may take to decode before its decoder is ended."""

INSPECT_LIMIT_S = 30.0
"""Longest time the inspection of a decoded file may take before its process is ended."""

MAX_REPORT_BYTES = 1 << 20
"""Longest report of an inspection that is accepted."""

DECODER_MEMORY_BYTES = 8 << 30
"""Address space of a decoding process: four times what the largest picture takes there,
since a profile conversion holds two copies of 4 bytes a pixel."""

DECODER_OPEN_FILES = 256
"""Files a decoding process may have open: its libraries, and a few more."""

MAX_CONTAINER_BYTES = 64 << 30
"""Largest archive or document that is opened; it is read in place, never as a whole."""

MAX_MEMBERS = 200_000
"""Entries of a container that are looked at, nested ones included."""

MAX_PAGES = 1000
"""Pages of one picture file that are looked at."""

MAX_DEPTH = 3
"""How deep containers in containers are opened; some hold themselves."""

MAX_NESTED_BYTES = 512 << 20
"""Largest container inside another, which is held in memory."""

UNPACKED_FREE_BYTES = 1 << 30
MAX_RATIO = 200
"""What a container may unpack to: so much in any case, and beyond it this many times its size.
Photographs hardly shrink; a thousandfold is what a bomb needs."""

UNPACK_LIMIT_S = 120.0
"""Longest time between two members of a container."""

NOT_ALL = "was examined, not "
"""In every note that a file holds more pictures than the one that was examined."""

CHUNK_BYTES = 8 << 20
"""Size of the pieces in which bytes travel between the processes."""
