/// Small COCO files: two images, two categories, two keypoints an object.
enum COCOTexts {
  static func annotations(
    images: String = #"{"id":7,"width":60,"height":40,"file_name":"a\u002fb.jpg"},{"id":5}"#,
    annotations: String = annotation(1),
    categories: String =
      #"{"id":3,"name":"fox","keypoints":["nose","tail"],"skeleton":[[1,2]]},{"id":1,"name":"hen"}"#
  ) -> String {
    """
    {"info": {"year": 2024, "note": "brackets ]} and \\"quotes\\""},
     "images": [\(images)],
     "annotations": [\(annotations)],
     "categories": [\(categories)]}

    """
  }

  static func annotation(
    _ id: Int, image: Int = 7, category: Int = 3, keypoints: String = "[12,13,2,30.5,9,1]",
    more: String = #","num_keypoints":2"#
  ) -> String {
    """
    {"segmentation":[[1,2,3,4],[5,6]],"area":200.5,"iscrowd":0,"image_id":\(image),"bbox":[10,8,24,16],
    "category_id":\(category),"id":\(id),"keypoints":\(keypoints)\(more)}
    """
  }

  static func detection(
    image: String = "7", category: String = "3", score: String = "0.75",
    keypoints: String = "[12,13,0.9,31,9,0.2]",
    box: String = #","bbox":[10,8,24,16]"#
  ) -> String {
    """
    {"image_id":\(image),"category_id":\(category),"keypoints":\(keypoints)\(box),"score":\(score)}
    """
  }
}
