// Connection strings: `zk://user:password@host1:2181,host2:2181/path`, as Mesos writes them.

export interface ZookeeperAddress {
  /** At least one. IPv6 hosts without their brackets. */
  readonly servers: readonly { readonly host: string; readonly port: number }[];
  /** `/tepui`; never empty, no slash at the end. */
  readonly path: string;
  /** Digest authentication; then everything is created for `creator` alone. */
  readonly credentials: { readonly user: string; readonly password: string } | undefined;
}
