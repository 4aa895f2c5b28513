/** How training pictures are changed. */
export const augmentationOptions = {
  augment: {
    kind: "choice",
    group: "Augmentation",
    description: "how much the pictures are varied",
    choices: ["none", "light", "strong", "randaugment", "trivial"],
    defaultIs: "the network's",
  },
  mixup: {
    kind: "number",
    group: "Augmentation",
    description: "blend each picture with another of the batch, by a share drawn from Beta(x, x); 0 for never",
    minimum: 0,
    default: 0,
  },
  cutmix: {
    kind: "number",
    group: "Augmentation",
    description: "paste a box from another picture of the batch into each; usually 1; 0 for never",
    minimum: 0,
    maximum: 1,
    default: 0,
  },
  erasing: {
    kind: "number",
    group: "Augmentation",
    description: "chance that a box of a picture is erased",
    minimum: 0,
    maximum: 1,
    default: 0,
  },
} as const;
