/** Processors that sandboxes know the numbers of. */
export type Architecture = 'x64' | 'arm64';

/**
 * Calls of the kernel that no command in a sandbox needs and that have opened ways out of one: mounts and namespaces, other processes'
 * memory, keys, programs in the kernel, asynchronous rings, modules, the clock, files by handle. `null`: this processor has no such call.
 */
export const refusedCalls: Readonly<Record<string, readonly [x64: number, arm64: number | null]>> = {
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  move_mount: [429, 429],
  open_tree: [428, 428],
  open_tree_attr: [467, 467],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  statmount: [457, 457],
  listmount: [458, 458],
  unshare: [272, 97],
  setns: [308, 268],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],
  keyctl: [250, 219],
  add_key: [248, 217],
  request_key: [249, 218],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  open_by_handle_at: [304, 265],
  name_to_handle_at: [303, 264],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  syslog: [103, 116],
  iopl: [172, null],
  ioperm: [173, null],
  modify_ldt: [154, null],
  uselib: [134, null],
  ustat: [136, null],
  sysfs: [139, null],
  _sysctl: [156, null],
  vhangup: [153, 58],
  lookup_dcookie: [212, 18],
  nfsservctl: [180, 42],
  fanotify_init: [300, 262],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
};

/** Calls of which some arguments are refused. */
export const guardedCalls = {
  clone: [56, 220],
  clone3: [435, 435],
  socket: [41, 198],
  ioctl: [16, 29],
  personality: [135, 92],
} as const;

/** Flags of `clone` that make namespaces. */
export const namespaceFlags = 0x7e02_0000;

/** Kinds of sockets that commands may make: Unix, IPv4, IPv6. Netlink, vsock, packets and Bluetooth know no network namespace, or tell too much. */
export const allowedFamilies = [1, 2, 10] as const;

/** Typing into somebody else's terminal: TIOCSTI and TIOCLINUX. */
export const refusedControls = [0x5412, 0x541c] as const;

/** What `personality` may be asked for: the usual one, and which it is. */
export const allowedPersonalities = [0, 0xffff_ffff] as const;
