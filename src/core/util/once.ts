/** Makes a value when it is asked for the first time, and gives the same one ever after. For what is constant and costs time to make. */
export function once<T>(make: () => T): () => T {
  const made: T[] = [];
  return () => {
    const [value = make()] = made;
    made[0] = value;
    return value;
  };
}
