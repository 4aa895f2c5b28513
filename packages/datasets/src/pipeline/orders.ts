/** Orders that are kept: an epoch may begin before the one before it has been delivered. */
const kept = 2;

/** Makes the order of each epoch when it is first needed, and forgets those of epochs past. */
export function ordersOfEpochs(make: (epoch: number) => Uint32Array): (epoch: number) => Uint32Array {
  const orders = new Map<number, Uint32Array>();
  return (epoch) => {
    const known = orders.get(epoch);
    if (known !== undefined) return known;
    const order = make(epoch);
    for (const old of orders.keys()) {
      if (orders.size < kept) break;
      orders.delete(old);
    }
    orders.set(epoch, order);
    return order;
  };
}
