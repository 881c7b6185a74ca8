/**
 * The format of an administrative document: Nghị định 30/2020/NĐ-CP, Phụ lục I. Every figure that the formats use stands
 * here, so that a clerk (văn thư) corrects it in one place. Sizes in points, lengths in millimetres.
 */
export const ND30 = {
  font: 'Times New Roman',
  page: {
    width: 210,
    height: 297,
    /** Allowed: top and bottom 20–25, left 30–35, right 15–20. */
    margin: { top: 20, bottom: 20, left: 30, right: 15 },
    /** From the upper edge to the page number, which stands in the top margin. */
    numberFromTop: 10,
  },
  /** Of landscape pages: the binding edge is the upper one. */
  landscapeMargin: { top: 25, bottom: 15, left: 20, right: 20 },
  size: {
    /** Quốc hiệu: 12–13. */
    country: 13,
    /** Tiêu ngữ: 13–14. */
    motto: 14,
    /** Cơ quan chủ quản, cơ quan ban hành: 12–13. */
    agency: 13,
    /** Số, ký hiệu: 13. */
    number: 13,
    /** Địa danh và ngày tháng năm: 13–14. */
    dateline: 14,
    /** Tên loại, trích yếu, Kính gửi, căn cứ, nội dung, đề mục, chức vụ người ký: 13–14. */
    body: 14,
    /** "Nơi nhận:". */
    recipientsLabel: 12,
    /** Danh sách nơi nhận. */
    recipients: 11,
    /** Số trang: 13–14. */
    pageNumber: 13,
    /** "Phụ lục I": 14; tên phụ lục: 13–14. */
    annexLabel: 14,
    annexTitle: 14,
    /** The decree sets no size for the text of tables. */
    table: 12,
    annexTable: 11,
    annexLink: 9,
  },
  /** First line of a paragraph: 10 or 12.7. */
  firstLineIndent: 12.7,
  /** Between paragraphs, points: at least 6. */
  paragraphGap: 6,
  /** Line spacing: single to 1.5. */
  lineSpacing: 1.15,
  /** Under tiêu ngữ, as long as its text at 14 points bold. */
  mottoRule: 58,
  /** Under the issuing agency and under the trích yếu: a third to a half of the line. */
  agencyRule: 24,
  subjectRule: 50,
  /** Columns of the head: agency left, country and motto right. They fill the text's width of 165. */
  head: { left: 65, right: 100 },
  /** Columns of the foot: recipients left, signature right. */
  foot: { left: 83, right: 82 },
  /** For signature and seal. */
  signatureSpace: 30,
} as const
