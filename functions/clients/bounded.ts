/**
 * Does something for each item, a few at a time, and gives the results in the order of the items. The first failure
 * fails it all, and nothing new is begun behind it.
 *
 * @param width how many run at the same time.
 */
export const mapBounded = async <In, Out>(
  items: readonly In[],
  width: number,
  work: (item: In) => Promise<Out>,
): Promise<Out[]> => {
  const results: Out[] = [];
  const queue = items.entries();
  let isFailed = false;
  const takeTurns = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (isFailed) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        isFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, takeTurns));
  return results;
};
