/** How far from 0 and 1 probabilities are kept before their logarithm is taken; Keras's `backend.epsilon()`. */
export const probabilityEpsilon = 1e-7;
