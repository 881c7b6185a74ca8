/** Vietnamese family names, with those of the peoples of the north-west; lower-case, NFC. */
export const familyNames: readonly string[] =
  `nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh đoàn trịnh trương lâm phùng mai tô hà tạ chu
  cao thạch đào lương lưu vương tống quách đàm kiều nông triệu nghiêm doãn tăng lục lò quàng giàng vàng sùng thào hảng má mã
  lù tẩn chảo phàn hầu vừ hờ sình lầu khổng bạch`
    .split(/\s+/)
    .map((name) => name.normalize('NFC'))
