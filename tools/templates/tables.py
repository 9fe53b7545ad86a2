# SPDX-License-Identifier: Apache-2.0
"""Networks for tables and points."""
STANDARD = {"kind": "standardize", "params": {}}
STANDARD_ALL = {"kind": "standardize", "params": {"columns": "all"}}
FILLED = {"kind": "impute", "params": {"strategy": "median"}}
PENGUINS = {"source": "csv", "path": "builtin:penguins", "transforms": [FILLED, STANDARD], "validation": 0.15, "test": 0.2,
            "split": "stratified"}


def training(loss, metrics, epochs, batch, rate):
    return {"epochs": epochs, "batch_size": batch, "metrics": metrics,
            "objectives": [{"terms": [{"loss": loss, "params": {}}], "optimiser": {"kind": "adam", "params": {"lr": rate}}}]}


def mlp(d, features, hidden, outputs, name):
    with d.frame("Hidden layers fold what comes in", "blue"):
        d.add("input", "x", shape=[features])
        for i, width in enumerate(hidden, 1):
            d.add("linear", f"fc{i}", out_features=width)
            d.add("relu", f"relu{i}")
    with d.frame("The last layer answers", "violet"):
        d.add("linear", f"fc{len(hidden) + 1}", out_features=outputs)
        d.add("output", name)


def spirals(d):
    mlp(d, 2, [64, 64], 3, "arm")
    d.note("""
# Spirals MLP

*Why layers?* One linear layer can only draw straight lines between classes. A multilayer perceptron puts a ReLU behind it, which folds the plane, and does so again: after two folds straight lines part what was wound up.

**Try** to delete a ReLU and join its wires: with none of them left the network is one linear layer, and draws straight lines. Or give the data more `turns`.

Rumelhart, Hinton, Williams 1986, *Learning representations by back-propagating errors*, Nature 323
""")


def penguins(d):
    mlp(d, 10, [32], 3, "kind")
    d.note("""
# Penguins

*A table.* Missing numbers are filled in with the median, numbers are standardised, and each category becomes one feature for each of its values (one-hot): ten numbers for a penguin. A hidden layer and a score for each species are enough.

What the steps learn (medians, means, deviations) comes from the training samples alone and is stored with the run, so that a penguin on the Try page is prepared in the same way.

Horst, Hill, Gorman 2020, *palmerpenguins*; Gorman, Williams, Fraser 2014, PLoS ONE 9
""")


def penguins_embedding(d):
    with d.frame("Numbers as they are, categories as vectors", "grey"):
        x = d.add("input", "x", shape=[4])
        d.row()
        d.add("input", "island", shape=[], dtype="int64")
        island = d.add("embedding", "island_table", num_embeddings=3, embedding_dim=2)
        d.row()
        d.add("input", "sex", shape=[], dtype="int64")
        sex = d.add("embedding", "sex_table", num_embeddings=3, embedding_dim=2)
    with d.frame("Side by side, then as usual"):
        d.add("concat", "features", x, island, sex, dim=1)
        d.add("batch_norm1d", "norm")
        d.add("linear", "fc1", out_features=32)
        d.add("relu", "relu1")
        d.add("linear", "fc2", out_features=3)
        d.add("output", "kind")
    d.note("""
# Penguins with embeddings

*Categories as vectors.* Each category enters as a number, and an embedding looks up a vector for it that is trained with the network: values that mean alike come to lie near each other. Concat puts them beside the numbers.

With two or three values one-hot does as well (see the template Penguins). With hundreds, such as towns or products, embeddings are what works. The data's setting `encode` is `index`.

Guo, Berkhahn 2016, *Entity embeddings of categorical variables*, arXiv:1604.06737
""")


def diabetes(d):
    mlp(d, 10, [16], 1, "estimate")
    d.note("""
# Diabetes regression

*A number, not a class.* The last layer has one output without an activation, and the loss is the mean squared error. Features and target are standardised, so errors are in standard deviations.

There are 442 patients only, and the measurements tell half of the story: R² near 0.5 is as good as any method gets. Watch the validation loss: it rises when the network begins to learn patients by heart. `patience` would end the run there.

Efron, Hastie, Johnstone, Tibshirani 2004, *Least angle regression*, Annals of Statistics 32
""")


TEMPLATES = {
    "spirals-mlp": ("Spirals MLP", "Three spiral arms wound into each other: a small network learns to part what no straight line can.", spirals,
                    {"source": "spirals", "path": "", "params": {"classes": 3, "noise": 0.03, "samples": 1500, "turns": 1.0},
                     "transforms": [STANDARD], "validation": 0.1, "test": 0.2, "split": "stratified"},
                    training("cross_entropy", ["accuracy"], 40, 32, 0.01)),
    "penguins": ("Penguins", "The species of a penguin from a table with categories and missing values, which are filled in, one-hot encoded "
                 "and standardised.", penguins, {**PENGUINS, "params": {"ignore": "year", "target": "species"}},
                 training("cross_entropy", ["accuracy"], 30, 16, 0.01)),
    "penguins-embedding": ("Penguins with embeddings", "A table whose categories become vectors that are learnt, beside its numbers.",
                           penguins_embedding, {**PENGUINS, "params": {"ignore": "year", "target": "species", "encode": "index"}},
                           training("cross_entropy", ["accuracy"], 20, 16, 0.01)),
    "diabetes": ("Diabetes regression", "A number from a table: how far diabetes goes on in a year, from ten measurements. Features and target "
                 "are standardised, so errors are in standard deviations.", diabetes,
                 {"source": "csv", "path": "builtin:diabetes", "params": {"target": "progression"}, "transforms": [STANDARD_ALL],
                  "validation": 0.15, "test": 0.2},
                 training("mse", ["mae", "r2"], 40, 32, 0.003)),
}
