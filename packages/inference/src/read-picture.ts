export { type Picture, type ReadPictureOptions, readPicture } from "@featuremap/images";
