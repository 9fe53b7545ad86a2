# SPDX-License-Identifier: Apache-2.0
"""Networks whose losses stand in the graph: several of them, on values inside, of several optimisers."""
from pictures import DIGITS
from tables import FILLED

ADAM = {"kind": "adam", "params": {"lr": 1e-3}}


def objective(parameters="*", rate=1e-3, **more):
    return {"terms": [], "parameters": parameters, "optimiser": {"kind": "adam", "params": {"lr": rate, **more}}}


def dense(d, name, features, last=False, **wires):
    """A linear layer and, but for the last, a ReLU."""
    node = d.add("linear", name, *wires.pop("sources", ()), out_features=features, **wires)
    return node if last else d.add("relu", f"{name}_relu")


def vae(d):
    with d.frame("Encoder: a picture becomes a mean and a variance for each of eight numbers", "blue"):
        image = d.add("input", "image", shape=[1, 28, 28])
        d.add("flatten", "pixels")
        hidden = dense(d, "encoder", 256)
        mean = d.add("linear", "mean", hidden, out_features=8)
        d.row()
        d.skip(4)
        spread = d.add("linear", "log_var", hidden, out_features=8)
    with d.frame("Decoder: a drawn code becomes a picture", "green"):
        d.add("reparameterize", "code", mean, spread)
        dense(d, "decoder", 256)
        d.add("linear", "drawing", out_features=784)
        d.add("sigmoid", "grey")
        again = d.add("unflatten", "picture", dim=1, unflattened_size=[1, 28, 28])
        d.add("output", "again")
    with d.frame("Losses: both are lowered together", "violet"):
        d.add("bce", "rebuild", again, image)
        d.row()
        d.add("gaussian_kl", "kl", mean, spread)
        d.add("minimize", "weighted", weight=1 / 784)
    d.note("""
# Variational autoencoder

*A space to draw from.* The encoder does not say which code a digit has, but how likely each code is: a mean and a variance for eight numbers. The decoder draws the digit again from a sample. Two losses pull: `rebuild` wants the picture back, `kl` wants all codes together to look like one normal distribution, so that any eight normal numbers decode to something like a digit.

`kl` compares values inside the network, so it stands in the graph, and so do both losses; the run's settings name none. Predictions and exports leave them out. Its weight is one for each of the 784 pixels, over which `rebuild` is a mean.

**Try** a larger `weight` of `weighted`: smoother codes, blurred digits. With 0 it is a plain autoencoder.

Kingma, Welling 2013, *Auto-encoding variational Bayes*, arXiv:1312.6114
""")


def two_heads(d):
    with d.frame("One body for both questions", "blue"):
        d.add("input", "x", shape=[9])
        dense(d, "body", 32)
        body = dense(d, "body2", 32)
    with d.frame("Which species?", "green"):
        kinds = d.add("linear", "kinds", body, out_features=3)
        d.add("output", "kind", kinds)
        d.row()
        species = d.add("target", "species", column="species")
        d.add("cross_entropy", "which", kinds, species)
    with d.frame("How heavy?", "violet"):
        weight = d.add("linear", "weights", body, out_features=1)
        d.add("output", "weight", weight)
        d.row()
        mass = d.add("target", "mass", column="body_mass_g")
        d.add("mse", "how_heavy", weight, mass)
    d.note("""
# Two heads

*Two answers from one body.* A penguin's species and its weight are told from the same measurements: two layers serve both, and each question has a head, an output, a target of its own (a column of the table) and a loss of its own. Both losses end in the graph, so both are lowered, with equal weight.

What is learned for one question helps the other; where they quarrel, put a *Minimize* node with a `weight` behind a loss. The data names two targets: *Data, target: species, body_mass_g*. The weights are standardised too, so that both losses are of a size. Each metric says which output it is of.

Caruana 1997, *Multitask learning*, Machine Learning 28
""")


def distillation(d):
    with d.frame("Teacher: large, learns from the labels", "blue"):
        image = d.add("input", "image", shape=[1, 28, 28])
        pixels = d.add("flatten", "pixels")
        dense(d, "teacher.0", 256)
        dense(d, "teacher.1", 128)
        taught = d.add("linear", "teacher.2", out_features=10)
        d.row()
        label = d.add("target", "label")
        d.add("cross_entropy", "teachers_loss", taught, label)
    with d.frame("Student: small, the network that remains", "green"):
        dense(d, "student.0", 32, sources=(pixels,))
        small = d.add("linear", "student.1", out_features=10)
        d.add("output", "digit", small)
    with d.frame("The student learns from what the teacher says of each digit, softened, and from the labels", "violet"):
        d.add("detach", "fixed", taught)
        d.add("rescale", "soft_teacher", scale=0.5)
        wanted = d.add("softmax", "wanted", dim=1)
        d.row()
        d.add("rescale", "soft_student", small, scale=0.5)
        said = d.add("log_softmax", "said", dim=1)
        d.add("kl_div", "distance", said, wanted, reduction="batchmean")
        d.add("minimize", "from_teacher", objective=2, weight=4.0)
        d.row()
        d.add("cross_entropy", "students_loss", small, label)
        d.add("minimize", "from_labels", objective=2)
    d.note("""
# Knowledge distillation

*Learn from a teacher.* A label says only that this is a 4. A trained network says more: a 4 that could be a 9. The small student learns from these softened answers (scores divided by a temperature of 2, so that the divergence counts 2 x 2) and from the labels.

Two objectives train side by side, with an optimiser each: the first teaches the teacher from labels, the second the student from the teacher; *Detach* lets no gradient back. Exports hold the student only: the teacher leads to no output.

**With a teacher of yours** that is trained already: name its layers alike, set *start* to `file:` and its weights, *frozen* to `teacher.*`, and delete the first objective with its loss.

Hinton, Vinyals, Dean 2015, *Distilling the knowledge in a neural network*, arXiv:1503.02531
""")


def gan(d):
    with d.frame("Generator: noise becomes points", "green"):
        real = d.add("input", "x", shape=[2])
        d.add("random", "noise")
        dense(d, "generator.0", 64)
        dense(d, "generator.1", 64)
        made = d.add("linear", "generator.2", out_features=2)
        d.add("output", "point")
    with d.frame("Discriminator: real points score high, made ones low; one set of weights, used twice", "blue"):
        dense(d, "discriminator.0", 64, sources=(real,))
        dense(d, "discriminator.1", 64)
        of_real = d.add("linear", "discriminator.2", out_features=1)
        d.row()
        of_made = made
        for i, features in enumerate((64, 64, 1)):
            of_made = dense(d, f"again.{i}", features, last=i == 2, sources=(of_made,))
            d.share(f"again.{i}", f"discriminator.{i}")
    with d.frame("What each of them lowers", "violet"):
        d.add("neg", "minus_real", of_real)
        d.add("softplus", "real_is_low")
        d.add("minimize", "real_loss", objective=1, reduction="mean")
        d.row()
        d.add("softplus", "made_is_high", of_made)
        d.add("minimize", "made_loss", objective=1, reduction="mean")
        d.row()
        d.add("neg", "minus_made", of_made)
        d.add("softplus", "made_is_low")
        d.add("minimize", "generator_loss", objective=2, reduction="mean")
    d.note("""
# Generative adversarial network

*A forger and a detective.* The generator turns noise into points, the discriminator tells them from those of the data. Two optimisers with parameters of their own take turns in each batch: objective 1 trains `discriminator.*` to score real points high and made ones low, objective 2 trains `generator.*` so that made points score high. Gradients of the second pass through the discriminator and leave it as it is.

Softplus of the score, with its sign, is binary cross entropy on logits against 0 and 1. Neither loss goes to zero where all is well: both stay near log 2 and 2 log 2.

Exports hold the generator. Its input tells only how many points to draw.

Goodfellow et al. 2014, *Generative adversarial networks*, arXiv:1406.2661
""")


def siamese(d):
    with d.frame("One encoder for both pictures: the second uses the weights of the first", "blue"):
        d.add("input", "image", shape=[1, 28, 28])
        d.add("flatten", "pixels")
        dense(d, "encoder.0", 128)
        one = d.add("linear", "encoder.1", out_features=16)
        d.row()
        d.add("input", "other", shape=[1, 28, 28])
        d.add("flatten", "other_pixels")
        dense(d, "again.0", 128)
        two = d.add("linear", "again.1", out_features=16)
        d.share("again.0", "encoder.0")
        d.share("again.1", "encoder.1")
    with d.frame("Alike pictures should lie near each other, others at least 2 apart", "violet"):
        same = d.add("target", "same")
        d.add("contrastive", "loss", one, two, same, margin=2.0)
    with d.frame("The answer: above 0 if they are nearer than 1", "green"):
        d.add("pairwise_distance", "distance", one, two)
        d.add("rescale", "nearness", scale=-1.0, offset=1.0)
        d.add("output", "alike")
    d.note("""
# Siamese network

*The same or not?* One encoder turns each of two pictures into sixteen numbers, and the loss pulls pictures of the same digit together and pushes others apart. What it learns is a distance, and so works for classes that it has never seen: faces, signatures, parts.

The loss takes two values inside the network and a target (1 alike, 0 not), so it stands in the graph. The data makes pairs of MNIST: *Data, pairs*. Both halves share their weights: *Weights of* in the panel of `again.0` names the other.

Bromley et al. 1993, *Signature verification using a siamese time delay neural network*; Hadsell, Chopra, LeCun 2006
""")


TABLE = {"source": "csv", "path": "builtin:penguins",
         "params": {"target": "species, body_mass_g", "features": "island, bill_length_mm, bill_depth_mm, flipper_length_mm, sex"},
         "transforms": [FILLED, {"kind": "standardize", "params": {"columns": "all"}}],
         "validation": 0.15, "test": 0.2, "split": "stratified"}

TEMPLATES = {
    "vae": ("Variational autoencoder", "Learns a space of digits to draw from, with two losses inside the network.", vae, DIGITS,
            {"epochs": 5, "batch_size": 128, "metrics": ["r2"], "objectives": [objective()]}),
    "distillation": ("Knowledge distillation", "A small network learns from the answers of a large one that is trained beside it.", distillation,
                     DIGITS, {"epochs": 4, "batch_size": 64, "metrics": ["accuracy/digit", "accuracy/teacher.2"],
                              "objectives": [objective("teacher.*"), objective("student.*", 2e-3)]}),
    "gan": ("Generative adversarial network", "Two networks with an optimiser each: one makes points, the other tells them from real ones.", gan,
            {"source": "moons", "params": {"samples": 2000, "noise": 0.05}, "validation": 0.1},
            {"epochs": 150, "batch_size": 100, "metrics": [],
             "objectives": [objective("discriminator.*", 1e-3, beta1=0.5), objective("generator.*", 1e-3, beta1=0.5)]}),
    "siamese": ("Siamese network", "Tells whether two digits are the same, by a distance that it learns.", siamese, {**DIGITS, "params": {"pairs": True}},
                {"epochs": 5, "batch_size": 64, "metrics": ["accuracy/alike/same"], "objectives": [objective()]}),
    "two-heads": ("Two heads", "Tells the species of a penguin and its weight: two outputs, two targets, two losses.", two_heads, TABLE,
                  {"epochs": 40, "batch_size": 32, "metrics": ["accuracy/kind", "r2/weight"], "objectives": [objective(rate=5e-3)]}),
}
