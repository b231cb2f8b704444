# SPDX-License-Identifier: Apache-2.0
"""The first command of the README, on the project itself."""

import os


def test_the_project_is_clean(scene):
    ended = scene.run("scan", os.environ["KEYTIDY_SOURCE"], "--no-progress")
    assert (ended.code, ended.err) == (0, ""), ended.text
