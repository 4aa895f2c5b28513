import { type PublishedPackage, publishedPackages } from "../../release/publish/packages.mjs";

const published = publishedPackages();

/** The published packages that a program imports. */
export const libraries: readonly PublishedPackage[] = published.filter(({ name }) => name !== "featuremap");

function findCommand(): PublishedPackage {
  const found = published.find(({ name }) => name === "featuremap");
  if (found === undefined) throw new Error("apps/trainer is not published.");
  return found;
}

/** The one beside them, which is run. */
export const command: PublishedPackage = findCommand();
