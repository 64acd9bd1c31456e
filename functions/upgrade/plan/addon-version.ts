/** Major and minor of an add-on's version as one number that sorts: 1019 of `v1.19.2-eksbuild.5`. Undefined for what is no version. */
export const addonMinor = (version: string): number | undefined => {
  const [, major, minor] = /^v?(\d{1,9})\.(\d{1,9})(?:\D|$)/.exec(version) ?? [];
  return major === undefined || minor === undefined ? undefined : Number(major) * 1_000 + Number(minor);
};
