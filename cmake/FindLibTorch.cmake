# Finds LibTorch as a plain C++ library, without find_package(Torch): that one insists on an installed CUDA toolkit when the
# build carries CUDA. TORCH_ROOT is a wheel folder (site-packages/torch), the official zip, or a system prefix.
# Makes LibTorch::LibTorch, LibTorch_VERSION and LibTorch_CUDA (whether CUDA libraries are linked; a GPU is found at run time).
set(TORCH_ROOT "$ENV{TORCH_ROOT}" CACHE PATH "LibTorch: wheel folder, official zip or system prefix")

find_path(LibTorch_INCLUDE_DIR ATen/core/Tensor.h HINTS ${TORCH_ROOT} PATH_SUFFIXES include NO_DEFAULT_PATH)
find_path(LibTorch_INCLUDE_DIR ATen/core/Tensor.h)
find_library(LibTorch_LIBRARY torch HINTS ${TORCH_ROOT} PATH_SUFFIXES lib lib64 NO_DEFAULT_PATH)
find_library(LibTorch_LIBRARY torch)
if(LibTorch_LIBRARY)
  get_filename_component(LibTorch_LIBRARY_DIR "${LibTorch_LIBRARY}" DIRECTORY)
endif()
find_library(LibTorch_CPU_LIBRARY torch_cpu HINTS "${LibTorch_LIBRARY_DIR}" NO_DEFAULT_PATH)
find_library(LibTorch_C10_LIBRARY c10 HINTS "${LibTorch_LIBRARY_DIR}" NO_DEFAULT_PATH)
find_library(LibTorch_CUDA_LIBRARY torch_cuda HINTS "${LibTorch_LIBRARY_DIR}" NO_DEFAULT_PATH)
find_library(LibTorch_C10_CUDA_LIBRARY c10_cuda HINTS "${LibTorch_LIBRARY_DIR}" NO_DEFAULT_PATH)

if(LibTorch_INCLUDE_DIR AND EXISTS "${LibTorch_INCLUDE_DIR}/torch/headeronly/version.h")
  file(STRINGS "${LibTorch_INCLUDE_DIR}/torch/headeronly/version.h" _version REGEX "define TORCH_VERSION ")
elseif(LibTorch_INCLUDE_DIR AND EXISTS "${LibTorch_INCLUDE_DIR}/torch/csrc/api/include/torch/version.h")
  file(STRINGS "${LibTorch_INCLUDE_DIR}/torch/csrc/api/include/torch/version.h" _version REGEX "define TORCH_VERSION ")
endif()
string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" LibTorch_VERSION "${_version}")

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_LIBRARY LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_INCLUDE_DIR
  VERSION_VAR LibTorch_VERSION)

if(LibTorch_FOUND AND NOT TARGET LibTorch::LibTorch)
  set(LibTorch_CUDA OFF)
  add_library(LibTorch::LibTorch INTERFACE IMPORTED)
  target_include_directories(LibTorch::LibTorch SYSTEM INTERFACE
    "${LibTorch_INCLUDE_DIR}" "${LibTorch_INCLUDE_DIR}/torch/csrc/api/include")
  target_link_libraries(LibTorch::LibTorch INTERFACE "${LibTorch_CPU_LIBRARY}" "${LibTorch_C10_LIBRARY}")
  if(LibTorch_CUDA_LIBRARY AND LibTorch_C10_CUDA_LIBRARY)
    # Nothing refers to the CUDA libraries by symbol; the linker would drop them and CUDA would never be found.
    set(LibTorch_CUDA ON)
    target_link_libraries(LibTorch::LibTorch INTERFACE
      "-Wl,--no-as-needed" "${LibTorch_CUDA_LIBRARY}" "${LibTorch_C10_CUDA_LIBRARY}" "${LibTorch_LIBRARY}" "-Wl,--as-needed")
  endif()
  target_link_options(LibTorch::LibTorch INTERFACE "LINKER:-rpath,${LibTorch_LIBRARY_DIR}")
endif()
