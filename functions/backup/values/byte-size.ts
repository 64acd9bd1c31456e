/** Sizes as people and Kubernetes write them: `10Gi`, `120GB`, `1.5Ti`, `750000000000`. */

const SIZE = /^(\d+(?:\.\d+)?(?:e\d{1,2})?)\s*([kmgtp]?)(i?)b?$/i;
const POWERS = ['', 'k', 'm', 'g', 't', 'p'];

/** Bytes, or `undefined` when that is no size. `G` and `GB` count by 1,000, `Gi` and `GiB` by 1,024. */
export const parseByteSize = (text: string): number | undefined => {
  const [, amount, unit = '', binary] = SIZE.exec(text.trim()) ?? [];
  if (amount === undefined || (unit === '' && binary !== '')) return undefined;
  const bytes = Number(amount) * (binary === '' ? 1000 : 1024) ** POWERS.indexOf(unit.toLowerCase());
  return Number.isSafeInteger(Math.round(bytes)) ? Math.round(bytes) : undefined;
};

/** A size for a person: `120 GB`, `1.3 TB`. */
export const sayByteSize = (bytes: number): string => {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const amount = bytes / 1000 ** power;
  return `${amount < 10 ? Math.round(amount * 10) / 10 : Math.round(amount)} ${['B', 'kB', 'MB', 'GB', 'TB'][power] ?? ''}`;
};
