import * as z from 'zod';

/**
 * Kubernetes versions as EKS speaks of them: `1.36`, major and minor, no patch. All of them begin with `1.`; a
 * Kubernetes 2 would be another product.
 */
export const KubernetesMinor = z
  .string()
  .regex(/^1\.\d{1,3}$/, 'must be a Kubernetes version such as "1.36", in quotes');
export type KubernetesMinor = z.output<typeof KubernetesMinor>;

/** The number behind the dot: 36 of `1.36`. */
export const minorNumber = (version: KubernetesMinor): number => Number(version.slice(2));

/** Which of two versions is the later one: negative, zero or positive, for sorting. */
export const compareMinors = (a: KubernetesMinor, b: KubernetesMinor): number =>
  minorNumber(a) - minorNumber(b);

/** The version some minors later, or earlier when negative. */
export const shiftMinor = (version: KubernetesMinor, by: number): KubernetesMinor =>
  `1.${minorNumber(version) + by}`;

/** Reads the minor out of what nodes, images and binaries report: `v1.36.3-eks-1a2b3c` is `1.36`. */
export const readMinor = (text: string): KubernetesMinor | undefined => {
  const minor = /^v?1\.(\d{1,3})(?:\D|$)/.exec(text)?.[1];
  return minor === undefined ? undefined : `1.${Number(minor)}`;
};

/** The versions to go through, one after the other: `1.34` to `1.36` is `1.35`, `1.36`. Empty when there is no way up. */
export const listSteps = (current: KubernetesMinor, target: KubernetesMinor): KubernetesMinor[] =>
  Array.from({ length: Math.max(0, compareMinors(target, current)) }, (_, index) =>
    shiftMinor(current, index + 1),
  );
