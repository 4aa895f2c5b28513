/*
 * Keras's second names of layers, which stand for the same classes.
 */
export { AveragePooling1D as AvgPool1D } from "../layers/pooling/average-pooling1d.ts";
export { AveragePooling2D as AvgPool2D } from "../layers/pooling/average-pooling2d.ts";
export { AveragePooling3D as AvgPool3D } from "../layers/pooling/average-pooling3d.ts";
export { Conv1D as Convolution1D } from "../layers/convolutional/conv1d.ts";
export { Conv1DTranspose as Convolution1DTranspose } from "../layers/convolutional/conv1d-transpose.ts";
export { Conv2D as Convolution2D } from "../layers/convolutional/conv2d.ts";
export { Conv2DTranspose as Convolution2DTranspose } from "../layers/convolutional/conv2d-transpose.ts";
export { Conv3D as Convolution3D } from "../layers/convolutional/conv3d.ts";
export { Conv3DTranspose as Convolution3DTranspose } from "../layers/convolutional/conv3d-transpose.ts";
export { GlobalAveragePooling1D as GlobalAvgPool1D } from "../layers/pooling/global/global-average-pooling1d.ts";
export { GlobalAveragePooling2D as GlobalAvgPool2D } from "../layers/pooling/global/global-average-pooling2d.ts";
export { GlobalAveragePooling3D as GlobalAvgPool3D } from "../layers/pooling/global/global-average-pooling3d.ts";
export { GlobalMaxPooling1D as GlobalMaxPool1D } from "../layers/pooling/global/global-max-pooling1d.ts";
export { GlobalMaxPooling2D as GlobalMaxPool2D } from "../layers/pooling/global/global-max-pooling2d.ts";
export { GlobalMaxPooling3D as GlobalMaxPool3D } from "../layers/pooling/global/global-max-pooling3d.ts";
export { MaxPooling1D as MaxPool1D } from "../layers/pooling/max-pooling1d.ts";
export { MaxPooling2D as MaxPool2D } from "../layers/pooling/max-pooling2d.ts";
export { MaxPooling3D as MaxPool3D } from "../layers/pooling/max-pooling3d.ts";
export { SeparableConv1D as SeparableConvolution1D } from "../layers/convolutional/separable/separable-conv1d.ts";
export { SeparableConv2D as SeparableConvolution2D } from "../layers/convolutional/separable/separable-conv2d.ts";
