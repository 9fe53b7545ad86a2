# SPDX-License-Identifier: Apache-2.0


def split(samples, validation, test, gap):
    """First training, then validation, then test; `gap` samples between them share values with both sides."""
    held, tested = counts(len(samples), validation, test)
    test_begin = len(samples) - tested
    end = test_begin - gap if tested > 0 else test_begin
    begin = max(end - held, 0)
    return samples[: max(begin - gap if held > 0 else end, 0)], samples[begin : max(end, begin)]
