# SPDX-License-Identifier: Apache-2.0
import sys
import wave

import torch


def read_sound(path):
    """The samples of a WAV file between -1 and 1, its channels mixed."""
    with wave.open(str(path)) as file:
        if file.getframerate() != SAMPLE_RATE:
            sys.exit(f"{path} has {file.getframerate()} samples a second, not {SAMPLE_RATE}.")
        width, channels = file.getsampwidth(), file.getnchannels()
        data = torch.frombuffer(bytearray(file.readframes(file.getnframes())), dtype=torch.uint8)
    if width == 1:
        values = (data.double() - 128) / 128
    elif width == 2:
        values = data.view(torch.int16).double() / 2**15
    else:  # 24 bits as the upper ones of 32
        values = torch.nn.functional.pad(data.reshape(-1, width), (4 - width, 0)).view(torch.int32).double() / 2**31
    return values.reshape(-1, channels).mean(1).float()


def read(path):
    """Sounds (N, LENGTH), cut off or followed by silence, and the numbers of their folders."""
    sounds, labels = [], []
    for label, folder in enumerate(CLASSES):
        files = sorted(p for p in (path / folder).iterdir() if p.suffix.lower() == ".wav" and p.name[0] != ".")
        for sound in map(read_sound, files):
            sounds.append(torch.nn.functional.pad(sound[:LENGTH], (0, max(LENGTH - len(sound), 0))))
            labels.append(label)
    return {"x": torch.stack(sounds), "label": torch.tensor(labels)}, Sets()
