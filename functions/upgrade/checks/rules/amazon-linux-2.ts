import { minorNumber } from '../../../records/kubernetes-version.ts';
import type { Remedy } from '../../../records/upgrade/finding.ts';

/** The first version without an EKS image of Amazon Linux 2. Source: EKS user guide, release notes of 1.33. */
const NO_IMAGE = 33;

/** Is there no EKS image of Amazon Linux 2 for this version, so that nodes with it cannot follow? */
export const isWithoutAl2 = (version: string): boolean => minorNumber(version) >= NO_IMAGE;

/** `Amazon Linux 2`, `Amazon Linux 2 (Karoo)`; not `Amazon Linux 2023.9`. */
export const isAl2 = (osImage: string): boolean => /^Amazon Linux 2(?!\d)/.test(osImage);

/** The same wherever it helps, so that a list of what to do names it once. */
export const LEAVE_AL2: Remedy = {
  text: 'Its type of image cannot be changed: make a new node group or node class with Amazon Linux 2023 or Bottlerocket, drain the old nodes, and remove the old one.',
  link: 'https://docs.aws.amazon.com/eks/latest/userguide/al2023.html',
};
