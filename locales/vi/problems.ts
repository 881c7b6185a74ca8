/** Điều gì cản trở việc thu thập, theo mã của lỗi. */
export const problems = {
  fetch: {
    network: 'Không kết nối được với máy chủ của báo.',
    timeout: 'Máy chủ của báo không trả lời kịp.',
    dns: 'Không tìm thấy máy chủ theo tên miền.',
    certificate: 'Chứng thư bảo mật của trang không hợp lệ.',
    redirects: 'Địa chỉ chuyển tiếp quá nhiều lần.',
    'too-large': 'Trang lớn hơn mức cho phép.',
    encoding: 'Dữ liệu nén của trang bị hỏng.',
    throttled: 'Trang yêu cầu hỏi thưa hơn; hệ thống đã giãn nhịp.',
    'server-error': 'Máy chủ của báo đang lỗi.',
    stopped: 'Dừng giữa chừng; sẽ đọc lại.',
  },
  robots: {
    disallowed: 'robots.txt của trang không cho phép đọc.',
    unavailable: 'Không lấy được robots.txt nên chưa đọc trang.',
  },
  guard: {
    address: 'Địa chỉ dẫn vào mạng nội bộ; không đọc.',
    scheme: 'Không phải địa chỉ http hoặc https.',
    credentials: 'Địa chỉ có kèm tên đăng nhập hoặc mật khẩu.',
    site: 'Địa chỉ thuộc trang khác.',
  },
  page: {
    gone: 'Trang không còn (404 hoặc 410).',
    challenge: 'Trang đòi xác nhận là người; hệ thống không vượt qua.',
    'refused-here': 'Trang từ chối trả lời từ nơi đặt máy (451).',
    forbidden: 'Trang từ chối cho đọc (401, 402 hoặc 403).',
    status: 'Trang trả lời bằng mã lỗi.',
    empty: 'Trang trống.',
    'not-html': 'Không phải trang HTML.',
    'redirected-home': 'Địa chỉ dẫn về trang chủ; bài có thể đã bị gỡ.',
    'no-text': 'Mở được trang nhưng không tìm thấy nội dung bài.',
    stub: 'Trang chỉ có phần đầu của bài (có thể cần trả phí).',
    unreadable: 'Trang làm bộ đọc gặp lỗi; trang gốc đã được lưu.',
  },
  article: {
    'no-title': 'Không tìm thấy tiêu đề.',
  },
  feed: {
    'not-a-feed': 'Địa chỉ nguồn cấp tin trả về thứ khác, không phải RSS hay Atom.',
    empty: 'Nguồn cấp tin không có mục nào.',
  },
  sitemap: {
    'not-a-sitemap': 'Địa chỉ sơ đồ trang trả về thứ khác.',
    'too-large': 'Sơ đồ trang lớn hơn mức cho phép.',
    'too-deep': 'Sơ đồ trang lồng nhau quá nhiều lớp.',
    damaged: 'Sơ đồ trang bị hỏng.',
  },
  listing: {
    'no-links': 'Không thấy liên kết nào đến bài báo.',
  },
  gdelt: {
    refused: 'GDELT không nhận câu hỏi.',
  },
  browser: {
    missing: 'Trang cần trình duyệt mà máy chưa có Chromium.',
    needed: 'Nội dung trang chỉ có khi mở bằng trình duyệt.',
    failed: 'Trình duyệt gặp lỗi khi mở trang.',
    timeout: 'Trang không hiện xong trong trình duyệt.',
  },
  outlet: {
    unknown: 'Nguồn tin không còn được theo dõi.',
  },
  collect: {
    'kills-process': 'Trang nhiều lần làm chương trình dừng; đã để riêng.',
    'no-contact': 'Chưa đặt MONITOR_CONTACT nên không thu thập.',
    stopped: 'Chương trình dừng; phần còn lại thu thập sau.',
  },
  disk: {
    low: 'Ổ đĩa gần đầy; tạm dừng thu thập.',
  },
}
