# SPDX-License-Identifier: Apache-2.0


def decoded(data):
    if ENCODING != "detect":
        return data.decode({"utf-8": "utf-8-sig"}.get(ENCODING, ENCODING))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
