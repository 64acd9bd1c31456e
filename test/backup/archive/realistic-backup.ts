import type { VirtualMember } from './virtual-archive.ts';

/** Numbers between 0 and 1, the same ones each time (Park and Miller's generator). */
const randomNumbers = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
};

/** Sizes as repositories have them: most are small, few are a thousand times larger. */
const logNormal = (random: () => number, median: number, sigma: number): number => {
  const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  return Math.round(median * Math.exp(sigma * normal));
};

const repositories = (count: number): VirtualMember[] => {
  const random = randomNumbers(7);
  return Array.from({ length: count }, (_, index) => {
    const hash = index.toString(16).padStart(64, 'ab');
    const folder = `./repositories/default/@hashed/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}.git/1700000000_2023_11_14_18.10.0-ee`;
    return [
      { name: `${folder}/`, size: 0, flag: '5' },
      { name: `${folder}/001.refs`, size: logNormal(random, 900, 1) },
      { name: `${folder}/001.bundle`, size: logNormal(random, 60_000, 2) },
    ];
  }).flat();
};

const GB = 1_000_000_000;
const OBJECTS: readonly VirtualMember[] = [
  { name: './registry.tar.gz', size: 40 * GB },
  { name: './artifacts.tar.gz', size: 30 * GB },
  { name: './lfs.tar.gz', size: 20 * GB },
  { name: './db/database.sql.gz', size: 8 * GB },
];

/** Which part stands where is not specified. */
type Order = 'repositories first' | 'repositories last' | 'repositories between';

const ORDERS: Readonly<Record<Order, (all: readonly VirtualMember[]) => VirtualMember[]>> = {
  'repositories first': (all) => [...all, ...OBJECTS],
  'repositories last': (all) => [...OBJECTS, ...all],
  'repositories between': (all) => [
    ...OBJECTS.slice(0, 1),
    ...all.slice(0, 2_400),
    ...OBJECTS.slice(1, 2),
    ...all.slice(2_400),
    ...OBJECTS.slice(2),
  ],
};

/** A backup of 5,000 members and 98 GB, as the chart's toolbox writes it. */
export const realisticBackup = (order: Order): VirtualMember[] => ORDERS[order](repositories(1_665));
