/** Writes ONNX graphs of a few nodes (Protocol Buffers, as far as ONNX needs them): real files for the real loader. */

const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)])
const number = (field: number, value: number): number[] => [...varint(field << 3), ...varint(value)]
const bytes = (field: number, value: readonly number[]): number[] => [
  ...varint((field << 3) | 2),
  ...varint(value.length),
  ...value,
]
const text = (field: number, value: string): number[] => bytes(field, [...Buffer.from(value)])

const FLOAT = 1
const INT64 = 7
const OPSET = 11

/** A constant matrix (or, of one row, a vector that is added to every row). */
export interface Table {
  readonly name: string
  readonly rows: readonly (readonly number[])[]
}

export interface Node {
  readonly op: 'Gather' | 'ReduceSum' | 'Mul' | 'MatMul' | 'Add'
  readonly inputs: readonly string[]
  readonly output: string
  /** ReduceSum over this axis. */
  readonly axis?: number
  readonly keep?: boolean
}

export interface Graph {
  readonly tables: readonly Table[]
  readonly nodes: readonly Node[]
  /** Names of inputs: integers of batch × words, or numbers of batch × words × width. */
  readonly integers: readonly string[]
  readonly numbers?: readonly { readonly name: string; readonly width: number }[]
  readonly output: { readonly name: string; readonly shape: readonly (string | number)[] }
}

function value(name: string, type: number, shape: readonly (string | number)[]): number[] {
  const dimensions = shape.flatMap((one) => bytes(1, typeof one === 'number' ? number(1, one) : text(2, one)))
  return [...text(1, name), ...bytes(2, bytes(1, [...number(1, type), ...bytes(2, dimensions)]))]
}

const table = ({ name, rows }: Table): number[] => [
  ...number(1, rows.length),
  ...number(1, rows[0]?.length ?? 0),
  ...number(2, FLOAT),
  ...text(8, name),
  ...bytes(9, [...Buffer.from(new Float32Array(rows.flat()).buffer)]),
]

function node({ op, inputs, output, axis, keep = false }: Node): number[] {
  const attributes =
    axis === undefined
      ? []
      : [
          ...bytes(5, [...text(1, 'axes'), ...number(8, axis), ...number(20, 7)]),
          ...bytes(5, [...text(1, 'keepdims'), ...number(3, keep ? 1 : 0), ...number(20, 2)]),
        ]
  return [...inputs.flatMap((one) => text(1, one)), ...text(2, output), ...text(4, op), ...attributes]
}

export function onnx({ tables, nodes, integers, numbers = [], output }: Graph): Uint8Array {
  const body = [
    ...nodes.flatMap((one) => bytes(1, node(one))),
    ...text(2, 'tiny'),
    ...tables.flatMap((one) => bytes(5, table(one))),
    ...integers.flatMap((name) => bytes(11, value(name, INT64, ['batch', 'words']))),
    ...numbers.flatMap(({ name, width }) => bytes(11, value(name, FLOAT, ['batch', 'read', width]))),
    ...bytes(12, value(output.name, FLOAT, output.shape)),
  ]
  return Uint8Array.from([...number(1, 7), ...bytes(7, body), ...bytes(8, [...text(1, ''), ...number(2, OPSET)])])
}
