"""`c`: the headers, and a snippet for CMake."""

from __future__ import annotations

from bdnnlang.device.c.layouts.headers import MOST_BITS, filled, headers
from bdnnlang.device.formats.form import Exported, Form

CMAKE = """\
# add_subdirectory(this folder), then target_link_libraries(your_target PRIVATE @name@)
add_library(@name@ INTERFACE)
target_include_directories(@name@ INTERFACE ${CMAKE_CURRENT_LIST_DIR})
"""


def files(exported: Exported) -> dict[str, bytes]:
    return {**headers(exported), **filled({"CMakeLists.txt": CMAKE}, exported)}


FORM = Form(files=files, most_bits=MOST_BITS)
