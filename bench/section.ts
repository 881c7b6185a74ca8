/** One measured figure. Ratios compare two things in one run; absolute times depend on the machine and say so by their unit. */
export interface BenchFigure {
  readonly name: string
  readonly value: number
  /** `×`, `ms`, `MB`, `articles/s` … */
  readonly unit: string
  /** What the project wants to reach, for the reader: a bench never fails by it. */
  readonly target?: { readonly max?: number; readonly min?: number }
}

/** A bench; `missing` says which data it needs and did not find. */
export interface BenchSection {
  readonly id: string
  readonly run: () => Promise<readonly BenchFigure[] | { readonly missing: string }>
}
