import * as tf from "@tensorflow/tfjs-core";

/**
 * Hue, saturation and value of RGB images; hue and saturation in [0, 1], value in the range of the pixels.
 *
 * Shape: `[..., 3]` to three of `[..., 1]`. Source: TensorFlow's `RGBToHSV`.
 */
export function hsvFromRgb(images: tf.Tensor): [hue: tf.Tensor, saturation: tf.Tensor, value: tf.Tensor] {
  const [red, green, blue] = channelsOf(images);
  const value = tf.maximum(red, tf.maximum(green, blue));
  const range = tf.sub(value, tf.minimum(red, tf.minimum(green, blue)));
  const zeros = tf.zerosLike(value);
  const ones = tf.onesLike(value);
  const isLight = tf.greater(value, zeros);
  const saturation = tf.where(isLight, tf.div(range, tf.where(isLight, value, ones)), zeros);
  const isColored = tf.greater(range, zeros);
  const sixth = tf.div(1 / 6, tf.where(isColored, range, ones));
  const angle = tf.where(
    tf.equal(red, value),
    tf.mul(sixth, tf.sub(green, blue)),
    tf.where(
      tf.equal(green, value),
      tf.add(tf.mul(sixth, tf.sub(blue, red)), 2 / 6),
      tf.add(tf.mul(sixth, tf.sub(red, green)), 4 / 6),
    ),
  );
  const hue = tf.where(isColored, angle, zeros);
  return [tf.where(tf.less(hue, zeros), tf.add(hue, 1), hue), saturation, value];
}

/** The way back. Shape: three of `[..., 1]` to `[..., 3]`. Source: TensorFlow's `HSVToRGB`. */
export function rgbFromHsv(hue: tf.Tensor, saturation: tf.Tensor, value: tf.Tensor): tf.Tensor {
  const angle = tf.mul(hue, 6);
  const distance = (from: number): tf.Tensor => tf.abs(tf.sub(angle, from));
  const colors = [tf.sub(distance(3), 1), tf.sub(2, distance(2)), tf.sub(2, distance(4))];
  const grey = tf.sub(1, saturation);
  const channels = colors.map((color) => tf.mul(tf.add(grey, tf.mul(saturation, tf.clipByValue(color, 0, 1))), value));
  return tf.concat(channels, -1);
}

function channelsOf(images: tf.Tensor): [red: tf.Tensor, green: tf.Tensor, blue: tf.Tensor] {
  return tf.split(images, 3, -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
}
