#!/usr/bin/python3
"""Train the digit classifier of this example and write its weights.

    train.py            train, then write digits.safetensors and expected.csv
    train.py --check    train nothing: measure the weights that are there, and compare them with expected.csv

Needs NumPy (Debian: python3-numpy) and nothing else. Takes about ten seconds.

The model: 64 pixels in 0..1 -> dense 32 -> relu -> dense 10 -> softmax. The keys of digits.safetensors are the paths of
the variables, as the C++ builder names them: model/fc1/kernel, model/fc1/bias, model/fc2/kernel, model/fc2/bias.

Only the images that held_out() leaves are ever trained on. The settings below were chosen by four-fold cross-validation
inside that part (mean of two runs 0.986; without augmentation 0.981, nor label smoothing 0.973), not by the images held out.

The random numbers come from RandomState, whose stream NumPy has frozen for good. Sums and exponentials may still round
differently with another BLAS or processor, so training again elsewhere gives weights as good as these, not the same bits.
"""

import argparse
import json
import os
import struct
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the matrices are too small for threads to pay

import numpy as np

HERE = Path(__file__).resolve().parent
IMAGES = HERE / "data" / "digits.csv"
WEIGHTS = HERE / "digits.safetensors"
EXPECTED = HERE / "expected.csv"

SPLIT_SEED = 1  # held_out() in dataset.hpp has the same
TRAINING_SEED = 1
EPOCHS = 600
BATCH = 64
LEARNING_RATE = 1e-2  # at the start; falls to zero along half a cosine
WEIGHT_DECAY = 0.1  # decoupled from the gradient, on the kernels only
SMOOTHING = 0.05  # of the labels
SHIFT, ROTATION, SCALE = 0.4, 0.1, 0.05  # augmentation: at most so many pixels, radians, parts of one
PROMISED_ACCURACY = 0.96
EXPECTED_IMAGES = 20


def splitmix64(seed, index):
    """Output number `index`, from 0, of Steele, Lea and Flood's generator splitmix64 started with `seed`."""
    mask = 2**64 - 1
    z = (seed + (index + 1) * 0x9E3779B97F4A7C15) & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return z ^ (z >> 31)


def held_out(index):
    """Whether the image on line `index`, from 0, of digits.csv is kept from training. The C++ twin is in dataset.hpp."""
    return splitmix64(SPLIT_SEED, index) % 3 == 0


def read_images():
    rows = np.loadtxt(IMAGES, delimiter=",", dtype=np.int64)
    if rows.shape != (1797, 65):
        sys.exit(f"{IMAGES}: expected 1797 lines of 65 numbers, found {rows.shape}")
    pixels = (rows[:, :64] / 16).astype(np.float32)  # exact: sixteenths
    return pixels, rows[:, 64]


def distort(random, images):
    """Each image moved, turned and scaled a little about its centre; bilinear, blank beyond the border."""
    count = len(images)
    angle = random.uniform(-ROTATION, ROTATION, (count, 1))
    scale = 1 + random.uniform(-SCALE, SCALE, (count, 1))
    shift_x = random.uniform(-SHIFT, SHIFT, (count, 1))
    shift_y = random.uniform(-SHIFT, SHIFT, (count, 1))

    centred = np.arange(8) - 3.5
    y, x = (axis.reshape(1, 64) for axis in np.meshgrid(centred, centred, indexing="ij"))
    cosine, sine = np.cos(angle) / scale, np.sin(angle) / scale
    border = 2  # the furthest sample is 3.5 * (cos 0.1 + sin 0.1) / 0.95 + 0.4 = 4.5 from the centre, and the border at 5.5
    source_x = cosine * x - sine * y + shift_x + 3.5 + border
    source_y = sine * x + cosine * y + shift_y + 3.5 + border
    left, top = source_x.astype(int), source_y.astype(int)
    right_part, bottom_part = source_x - left, source_y - top

    padded = np.pad(images.reshape(count, 8, 8), ((0, 0), (border, border), (border, border)))
    which = np.arange(count)[:, None]
    upper = padded[which, top, left] * (1 - right_part) + padded[which, top, left + 1] * right_part
    lower = padded[which, top + 1, left] * (1 - right_part) + padded[which, top + 1, left + 1] * right_part
    return upper * (1 - bottom_part) + lower * bottom_part


def probabilities(weights, pixels):
    """The model in float64, whatever the weights are stored in. Also returns the hidden layer, for training."""
    wide = {key: value.astype(np.float64) for key, value in weights.items()}
    hidden = np.maximum(pixels.astype(np.float64) @ wide["model/fc1/kernel"] + wide["model/fc1/bias"], 0)
    logits = hidden @ wide["model/fc2/kernel"] + wide["model/fc2/bias"]
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True), hidden


def train(pixels, labels):
    """Adam (Kingma and Ba, 2015) with decoupled weight decay (Loshchilov and Hutter, 2019) on the cross-entropy."""
    random = np.random.RandomState(TRAINING_SEED)

    def glorot_uniform(rows, columns):
        limit = np.sqrt(6 / (rows + columns))
        return random.uniform(-limit, limit, (rows, columns))

    weights = {
        "model/fc1/kernel": glorot_uniform(64, 32),
        "model/fc1/bias": np.zeros(32),
        "model/fc2/kernel": glorot_uniform(32, 10),
        "model/fc2/bias": np.zeros(10),
    }
    mean = {key: np.zeros_like(value) for key, value in weights.items()}
    square = {key: np.zeros_like(value) for key, value in weights.items()}
    wanted = np.eye(10)[labels] * (1 - SMOOTHING) + SMOOTHING / 10
    steps = EPOCHS * -(-len(pixels) // BATCH)
    step = 0

    for epoch in range(EPOCHS):
        order = random.permutation(len(pixels))
        distorted = distort(random, pixels[order].astype(np.float64))
        for first in range(0, len(pixels), BATCH):
            x = distorted[first : first + BATCH]
            found, hidden = probabilities(weights, x)
            d_logits = (found - wanted[order[first : first + BATCH]]) / len(x)
            d_hidden = (d_logits @ weights["model/fc2/kernel"].T) * (hidden > 0)
            gradients = {
                "model/fc1/kernel": x.T @ d_hidden,
                "model/fc1/bias": d_hidden.sum(axis=0),
                "model/fc2/kernel": hidden.T @ d_logits,
                "model/fc2/bias": d_logits.sum(axis=0),
            }
            rate = LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
            step += 1
            for key, gradient in gradients.items():
                mean[key] += 0.1 * (gradient - mean[key])
                square[key] += 0.001 * (gradient**2 - square[key])
                change = (mean[key] / (1 - 0.9**step)) / (np.sqrt(square[key] / (1 - 0.999**step)) + 1e-8)
                if key.endswith("/kernel"):
                    change = change + WEIGHT_DECAY * weights[key]
                weights[key] -= rate * change
        if (epoch + 1) % 100 == 0:
            print(f"epoch {epoch + 1} of {EPOCHS}", flush=True)

    return {key: value.astype(np.float32) for key, value in weights.items()}


def write_safetensors(path, tensors):
    """https://github.com/huggingface/safetensors#format; every tensor is float32, in the order of the keys."""
    header, data = {}, b""
    for key in sorted(tensors):
        raw = np.ascontiguousarray(tensors[key], dtype="<f4").tobytes()
        header[key] = {"dtype": "F32", "shape": list(tensors[key].shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # so that the data is aligned
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def read_safetensors(path):
    """Reads what write_safetensors wrote; trusts the file, which the reader in the library does not."""
    raw = path.read_bytes()
    (length,) = struct.unpack_from("<Q", raw)
    header, data = json.loads(raw[8 : 8 + length]), raw[8 + length :]
    return {
        key: np.frombuffer(data[slice(*entry["data_offsets"])], dtype="<f4").reshape(entry["shape"])
        for key, entry in header.items()
    }


def main():
    arguments = argparse.ArgumentParser(description="Train the digit classifier and write its weights.")
    arguments.add_argument("--check", action="store_true", help="train nothing; measure and compare the files there are")
    check = arguments.parse_args().check

    pixels, labels = read_images()
    held = np.array([held_out(index) for index in range(len(pixels))])
    indices = np.flatnonzero(held)[:EXPECTED_IMAGES]
    print(f"{len(pixels)} images: {np.sum(~held)} to train on, {np.sum(held)} held out")

    if not check:
        write_safetensors(WEIGHTS, train(pixels[~held], labels[~held]))
    weights = read_safetensors(WEIGHTS)  # also after training: what counts is what the file holds

    found, _ = probabilities(weights, pixels)
    right = found.argmax(axis=1) == labels
    accuracy = np.mean(right[held])
    print(f"accuracy: {accuracy:.4f} on the images held out ({np.sum(right[held])} of {np.sum(held)}), "
          f"{np.mean(right[~held]):.4f} on the others")
    if accuracy < PROMISED_ACCURACY:
        sys.exit(f"the accuracy is below the {PROMISED_ACCURACY} that the example promises")

    if check:
        expected = np.loadtxt(EXPECTED, delimiter=",")
        if not np.array_equal(expected[:, 0], indices):
            sys.exit(f"{EXPECTED}: these are not the first {EXPECTED_IMAGES} images held out")
        difference = np.max(np.abs(expected[:, 1:] - found[indices]))
        if not difference < 1e-12:
            sys.exit(f"{EXPECTED}: differs from what {WEIGHTS.name} gives, by up to {difference}")
    else:
        lines = (",".join([str(index), *(repr(float(p)) for p in found[index])]) for index in indices)
        EXPECTED.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
